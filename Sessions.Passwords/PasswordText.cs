using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sessions.Passwords;

/// <summary>A password as Unicode text: how long it is, and what is the same text.</summary>
internal static class PasswordText
{
    /// <summary>Its code points; null: it is no well-formed text.</summary>
    public static int? CountCodePoints(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
            {
                return null;
            }

            text = text[consumed..];
        }

        return count;
    }

    /// <summary>Its characters as people count them.</summary>
    public static int CountTextElements(ReadOnlySpan<char> text)
    {
        var count = 0;
        for (; !text.IsEmpty; count++)
        {
            text = text[StringInfo.GetNextTextElementLength(text)..];
        }

        return count;
    }

    /// <summary>
    /// One spelling of what looks the same (NIST SP 800-63B-4: NFKC). Well-formed text only. Where the runtime has no Unicode data
    /// (invariant globalization), as it is.
    /// </summary>
    public static string Normalize(string text) => text.Normalize(NormalizationForm.FormKC);
}
