namespace Sessions.Cookies.Protection;

/// <summary>Keys of one purpose. The first writes, all read; the header of a cookie says which it was.</summary>
internal sealed class CookieKeyRing(IEnumerable<CookieKey> keys, string purpose)
{
    public const int HeaderLength = 1 + CookieKey.IdLength;

    private const byte Version = 1;

    private readonly (byte[] Header, byte[] Key)[] _keys = [.. keys.Select(key => ((byte[])[Version, .. key.Id], key.Derive(purpose)))];

    public (byte[] Header, byte[] Key) First => _keys[0];

    /// <summary>The keys that a header may mean: two might have the same id.</summary>
    public IEnumerable<byte[]> Find(ReadOnlyMemory<byte> header) =>
        _keys.Where(key => header.Span.SequenceEqual(key.Header)).Select(static key => key.Key);
}
