using Zxcvbn;
using Zxcvbn.Matcher;

namespace Sessions.Passwords;

/// <summary>How soon a text would be guessed, by zxcvbn (Wheeler, USENIX Security 2016), and for what reason.</summary>
internal sealed class PasswordStrengthEstimator(Func<string, IEnumerable<string>, Result> evaluate)
{
    /// <summary>
    /// What zxcvbn is shown at most, in UTF-16 units: it takes quadratic time. The head can only be easier to guess than the whole, so
    /// nothing weak passes for that.
    /// </summary>
    public const int MaxLength = 64;

    /// <summary>With zxcvbn's own dictionaries, read once.</summary>
    public static PasswordStrengthEstimator Default { get; } = new(new Zxcvbn.Zxcvbn().EvaluatePassword);

    /// <summary>The score, from 0 to 4, and what a low one is due to.</summary>
    public (int Score, PasswordProblem Reason) Estimate(string text, IEnumerable<string> words)
    {
        var head = text.Length <= MaxLength ? text : text[..MaxLength];
        var result = evaluate(head, words);
        var reason =
            from match in result.MatchSequence
            group match.Token.Length by GetReason(match, head) into reasons
            orderby reasons.Sum() descending, reasons.Key
            select reasons.Key;
        return (result.Score, reason.FirstOrDefault(PasswordProblem.Guessable));
    }

    private static PasswordProblem GetReason(Match match, string text) =>
        match switch
        {
            DictionaryMatch { DictionaryName: "passwords" } when match.Token.Length == text.Length => PasswordProblem.Compromised,
            DictionaryMatch { DictionaryName: "user_inputs" or "male_names" or "female_names" or "surnames" } => PasswordProblem.Name,
            DictionaryMatch => PasswordProblem.Dictionary,
            RepeatMatch => PasswordProblem.Repetitive,
            SequenceMatch or SpatialMatch => PasswordProblem.Sequential,
            _ => PasswordProblem.Guessable,
        };
}
