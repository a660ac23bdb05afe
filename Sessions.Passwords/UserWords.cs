namespace Sessions.Passwords;

/// <summary>
/// What is known of the user and the application, whole and in parts: <c>ann.smith@example.com</c> is also Ann, Smith and Example.
/// </summary>
internal sealed class UserWords
{
    // More words would cost time and hardly find more.
    private const int MaxWords = 32;
    private const int MinWordLength = 3;

    // To normalize a text takes quadratic time at the worst, and a name that a user registers with may be a megabyte long. No password is
    // longer by default.
    private const int MaxTextLength = 512;

    private readonly HashSet<string> _inputs;

    public UserWords(IEnumerable<string?> userInputs)
    {
        _inputs = userInputs
            .Where(static text => !string.IsNullOrWhiteSpace(text))
            .Select(static text => Truncate(text!.Trim()))
            .Where(static text => PasswordText.CountCodePoints(text) is not null)
            .Take(MaxWords)
            .Select(PasswordText.Normalize)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Words =
        [
            .. _inputs
                .Concat(_inputs.SelectMany(Split))
                .Where(word => word.Length is >= MinWordLength and <= PasswordStrengthEstimator.MaxLength)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Take(MaxWords),
        ];
    }

    /// <summary>At most 32 words, for the estimator.</summary>
    public IReadOnlyList<string> Words { get; }

    public bool Contains(string password) => _inputs.Contains(password);

    private static string Truncate(string text) =>
        text.Length <= MaxTextLength ? text
        : char.IsHighSurrogate(text[MaxTextLength - 1]) ? text[..(MaxTextLength - 1)]
        : text[..MaxTextLength];

    private static IEnumerable<string> Split(string text)
    {
        var head = text.Length <= PasswordStrengthEstimator.MaxLength ? text : text[..PasswordStrengthEstimator.MaxLength];
        var start = 0;
        for (var i = 0; i <= head.Length; i++)
        {
            if (i == head.Length || !char.IsLetterOrDigit(head[i]))
            {
                yield return head[start..i];
                start = i + 1;
            }
        }
    }
}
