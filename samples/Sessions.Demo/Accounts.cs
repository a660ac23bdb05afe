using System.Globalization;

namespace Sessions.Demo;

/// <summary>
/// Any name signs in: this demo is about sessions. The name is the user key here; a real application checks a password or a passkey and
/// uses an id that is never given to another user.
/// </summary>
internal static class Accounts
{
    private const int MaxLength = 40;

    /// <summary>The user key of a name; null with the reason when the name will not do.</summary>
    public static string? ParseUserKey(string? name, out string error)
    {
        name = name?.Trim() ?? "";
        error = name switch
        {
            "" => "Please give a name.",
            { Length: > MaxLength } => $"A name has at most {MaxLength} characters.",
            _ when !IsPrintable(name) => "A name is made of printable characters.",
            _ => "",
        };
        return error.Length == 0 ? name : null;
    }

    private static bool IsPrintable(string name) =>
        name.EnumerateRunes()
            .All(static rune =>
                rune != System.Text.Rune.ReplacementChar
                && System.Text.Rune.GetUnicodeCategory(rune)
                    is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate)
            );
}
