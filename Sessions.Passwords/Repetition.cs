namespace Sessions.Passwords;

/// <summary>A text that is one unit again and again, as <c>abcabcab</c>.</summary>
internal static class Repetition
{
    /// <summary>The unit; the text itself, unless it has it at least twice. The last one may be cut short.</summary>
    public static string GetUnit(string text)
    {
        var period = ComputePeriod(text);
        return period <= text.Length / 2 ? text[..period] : text;
    }

    // The borders of Knuth, Morris and Pratt: linear, whatever the text.
    private static int ComputePeriod(string text)
    {
        var borders = new int[text.Length + 1];
        for (int i = 1, border = 0; i < text.Length; i++)
        {
            while (border > 0 && text[i] != text[border])
            {
                border = borders[border];
            }

            border += text[i] == text[border] ? 1 : 0;
            borders[i + 1] = border;
        }

        return text.Length - borders[text.Length];
    }
}
