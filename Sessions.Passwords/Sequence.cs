using System.Text;

namespace Sessions.Passwords;

/// <summary>A text that is nothing but a run: of an alphabet, of digits, of keys in a row.</summary>
internal static class Sequence
{
    // Keyboards that the estimator lacks: it has the American ones.
    private static readonly string[] Rows =
    [
        "qwertzuiopü+",
        "asdfghjklöä#",
        "azertyuiop",
        "qsdfghjklmù",
        "qwertyuiopå",
        "asdfghjklñ",
        "йцукенгшщзхъ",
        "фывапролджэ",
        "1234567890ß",
    ];

    public static bool IsKeyboardRun(string text) => text.Length > 1 && (IsRun(text) || IsInRow(text));

    private static bool IsRun(string text)
    {
        var step = 0;
        Rune? last = null;
        foreach (var rune in text.ToLowerInvariant().EnumerateRunes())
        {
            if (last is { } before)
            {
                var next = rune.Value - before.Value;
                if (Math.Abs(next) != 1 || (step != 0 && next != step))
                {
                    return false;
                }

                step = next;
            }

            last = rune;
        }

        return step != 0;
    }

    private static bool IsInRow(string text)
    {
        var backwards = string.Create(
            text.Length,
            text,
            static (span, text) =>
            {
                text.CopyTo(span);
                span.Reverse();
            }
        );
        return Array.Exists(
            Rows,
            row => row.Contains(text, StringComparison.OrdinalIgnoreCase) || row.Contains(backwards, StringComparison.OrdinalIgnoreCase)
        );
    }
}
