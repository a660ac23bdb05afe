namespace Sessions;

/// <summary>A record of the store cannot be read.</summary>
/// <param name="Name">The name of the sessions.</param>
/// <param name="Record">What names the record in the store: the id, as far as it can be told.</param>
/// <param name="Exception">What is wrong with it; null when there was no exception.</param>
public sealed record CorruptRecordContext(string Name, string Record, Exception? Exception);
