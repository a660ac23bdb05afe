using System.Buffers;

namespace Sessions;

/// <summary>
/// A name that another system has for a session: the <c>sid</c> of an identity provider, a device, a tenant, an operator who acts for the
/// user. Sessions are found and ended by it. Compared byte for byte.
/// </summary>
public sealed record SessionTag
{
    /// <summary>Characters that a name may have.</summary>
    public const int MaxNameLength = 64;

    /// <summary>Bytes of UTF-8 that a value may have.</summary>
    public const int MaxValueBytes = 512;

    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.:-");

    /// <summary>Whose name it is, as in <c>oidc.sid</c> or <c>tenant</c>: 1 to 64 characters of a-z, 0-9, dot, colon and hyphen.</summary>
    /// <exception cref="ArgumentException">The name is none of these.</exception>
    public required string Name
    {
        get;
        init => field = CheckName(value);
    }

    /// <summary>The name itself: 1 to 512 bytes of UTF-8.</summary>
    /// <exception cref="ArgumentException">The value is too long or empty, is not well-formed, or holds U+0000.</exception>
    public required string Value
    {
        get;
        init => field = CheckValue(value);
    }

    /// <summary>The name of the tag: values may be personal.</summary>
    public override string ToString() => Name;

    internal int CompareTo(SessionTag other) =>
        string.CompareOrdinal(Name, other.Name) is var order and not 0 ? order : string.CompareOrdinal(Value, other.Value);

    private static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is >= 1 and <= MaxNameLength && !name.AsSpan().ContainsAnyExcept(s_nameCharacters)
            ? name
            : throw new ArgumentException(
                $"The name of a tag has 1 to {MaxNameLength} characters of a-z, 0-9, dot, colon and hyphen; this one is \"{name}\".",
                nameof(name)
            );
    }

    private static string CheckValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var bytes = SessionText.CountBytes(value, nameof(value));
        return bytes is >= 1 and <= MaxValueBytes
            ? value
            : throw new ArgumentException(
                $"The value of a tag has 1 to {MaxValueBytes} bytes of UTF-8; this one has {bytes}.",
                nameof(value)
            );
    }
}
