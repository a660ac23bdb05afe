namespace Sessions;

/// <summary>
/// Instants are held as whole milliseconds since the Unix epoch, cut at the source, so that every backend returns exactly what it was
/// given.
/// </summary>
internal static class Instant
{
    public const long None = long.MinValue;

    public static long From(DateTimeOffset value) => value.ToUnixTimeMilliseconds();

    public static DateTimeOffset To(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static long FromOptional(DateTimeOffset? value) => value is { } instant ? From(instant) : None;

    public static DateTimeOffset? ToOptional(long milliseconds) => milliseconds == None ? null : To(milliseconds);

    /// <summary>The present, cut to whole milliseconds.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => To(From(time.GetUtcNow()));
}
