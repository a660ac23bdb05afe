using System.Text;

namespace Sessions;

/// <summary>What text a session may hold: anything well-formed without U+0000, so that every backend returns it as it went in.</summary>
internal static class SessionText
{
    /// <summary>Bytes of UTF-8 a user key may have.</summary>
    public const int MaxUserKeyBytes = 512;

    /// <summary>Bytes of UTF-8 the name of an authentication method may have.</summary>
    public const int MaxAuthenticationMethodBytes = 128;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string CheckUserKey(string userKey)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var bytes = CountBytes(userKey, nameof(userKey));
        return bytes is >= 1 and <= MaxUserKeyBytes
            ? userKey
            : throw new ArgumentException($"A user key has 1 to {MaxUserKeyBytes} bytes of UTF-8; this one has {bytes}.", nameof(userKey));
    }

    /// <summary>Checks a short descriptive text, such as the name of a browser.</summary>
    public static string? CheckLabel(string? label, int maxBytes, string parameter)
    {
        if (label is not null && CountBytes(label, parameter) is var bytes && bytes > maxBytes)
        {
            throw new ArgumentException($"{parameter} has at most {maxBytes} bytes of UTF-8; this one has {bytes}.", parameter);
        }

        return label;
    }

    /// <summary>The length in UTF-8 of text that can be stored.</summary>
    /// <exception cref="ArgumentException">The text holds U+0000 or an unpaired surrogate.</exception>
    public static int CountBytes(string text, string parameter)
    {
        if (text.Contains('\0'))
        {
            throw new ArgumentException("The text holds U+0000, which not every backend can store.", parameter);
        }

        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new ArgumentException("The text is not well-formed UTF-16: it holds an unpaired surrogate.", parameter, e);
        }
    }
}
