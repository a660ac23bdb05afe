namespace Sessions;

/// <summary>
/// Fills the whole buffer with bytes that nobody can guess, in place of the system's generator. Called from many threads at once.
/// </summary>
public delegate void RandomFill(Span<byte> buffer);
