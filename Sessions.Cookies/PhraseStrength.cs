namespace Sessions.Cookies;

/// <summary>
/// Counts the characters of a phrase that surprise. Random words hold about 2.5 bits a character and random letters more, so 32 of them
/// make 80 bits, to which stretching adds 19: out of reach for an attacker who guesses offline with a cookie in hand.
/// </summary>
internal static class PhraseStrength
{
    private const int RequiredCount = 32;

    public static string? FindWeakness(string? phrase)
    {
        if (string.IsNullOrWhiteSpace(phrase))
        {
            return "A key phrase is missing; set it in the configuration, the same on all servers.";
        }

        var surprises = CountUnpredictable(phrase);
        return surprises < RequiredCount
            ? $"A key phrase has {surprises} characters that do not just repeat or continue what came before, and needs {RequiredCount}; "
                + "take seven random words, or 32 random bytes in base64 (openssl rand -base64 32)."
            : null;
    }

    private static int CountUnpredictable(string phrase)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var count = 0;
        for (var i = 0; i < phrase.Length; i++)
        {
            var continues = i > 0 && Math.Abs(phrase[i] - phrase[i - 1]) <= 1;
            // The same three characters in a row came before: they belong to a repeated word.
            var repeats = i > 1 && !seen.Add(phrase.Substring(i - 2, 3));
            if (!continues && !repeats)
            {
                count++;
            }
        }

        return count;
    }
}
