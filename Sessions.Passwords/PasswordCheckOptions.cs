namespace Sessions;

/// <summary>How passwords are checked. There are no rules of composition, which NIST SP 800-63B-4 (section 3.1.1.2) forbids.</summary>
public sealed class PasswordCheckOptions
{
    /// <summary>What NIST demands where the password is all that a user shows.</summary>
    public const int SingleFactorMinLength = 15;

    /// <summary>What NIST demands where the password is one of several factors.</summary>
    public const int MultiFactorMinLength = 8;

    private const int LeastMaxLength = 64;
    private const int GreatestMaxLength = 4096;

    /// <summary>
    /// The fewest characters, as people count them (Unicode text elements: a letter with its accents is one, an emoji is one). Never fewer
    /// code points than NIST counts. From <see cref="MultiFactorMinLength"/>. Default: <see cref="SingleFactorMinLength"/>.
    /// </summary>
    public int MinLength { get; set; } = SingleFactorMinLength;

    /// <summary>
    /// The most characters, in Unicode code points, from 64 (NIST) to 4096. A longer password is refused before any work is done. Default:
    /// 256.
    /// </summary>
    public int MaxLength { get; set; } = 256;

    /// <summary>
    /// zxcvbn's least score: 1, 2, 3 and 4 stand for more than 10^6, 10^8, 10^10 and 10^12 guesses; 0 demands none. Default: 3.
    /// </summary>
    public int MinScore { get; set; } = 3;

    /// <summary>
    /// What users of this application are likely to think of first: its name, the company's. NIST has them on the blocklist. Default: none.
    /// </summary>
    public IList<string> Words { get; } = [];

    /// <summary>The messages that users read, for other languages or another tone. Default: English sentences.</summary>
    public Func<PasswordProblem, string>? Describe { get; set; }

    internal IEnumerable<string> GetFailures()
    {
        if (MinLength < MultiFactorMinLength)
        {
            yield return $"MinLength is {MinLength}; set it to {MultiFactorMinLength} or more, or {SingleFactorMinLength} where there is no second factor (NIST SP 800-63B-4).";
        }

        if (MaxLength is < LeastMaxLength or > GreatestMaxLength)
        {
            yield return $"MaxLength is {MaxLength}; set it to {LeastMaxLength} or more (NIST SP 800-63B-4) and to {GreatestMaxLength} at the most.";
        }

        if (MinLength > MaxLength)
        {
            yield return $"MinLength is {MinLength} and MaxLength is {MaxLength}, so that no password would do; let MinLength be the smaller one.";
        }

        if (MinScore is < 0 or > 4)
        {
            yield return $"MinScore is {MinScore}; set it to a score from 0 to 4.";
        }
    }
}
