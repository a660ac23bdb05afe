namespace Sessions.Passwords;

/// <summary>What is known of the user and the application, whole and in parts: <c>ann.smith@example.com</c> is also Ann, Smith and Example.</summary>
internal sealed class UserWords
{
    // More would cost time and make none of them likelier.
    private const int MaxWords = 32;
    private const int MinWordLength = 3;

    // To normalize a text takes quadratic time at the worst, and who registers may say that his name is a megabyte long. No password is longer by default.
    private const int MaxTextLength = 512;

    private readonly HashSet<string> _whole;

    public UserWords(IEnumerable<string?> about)
    {
        _whole = about
            .Where(static text => !string.IsNullOrWhiteSpace(text))
            .Select(static text => HeadOf(text!.Trim()))
            .Where(static text => PasswordText.CountCodePoints(text) is not null)
            .Take(MaxWords)
            .Select(PasswordText.Normalize)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Words =
        [
            .. _whole
                .Concat(_whole.SelectMany(PartsOf))
                .Where(word => word.Length is >= MinWordLength and <= Estimator.MaxLength)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Take(MaxWords),
        ];
    }

    /// <summary>At most 32 words, for the estimator.</summary>
    public IReadOnlyList<string> Words { get; }

    public bool Contains(string password) => _whole.Contains(password);

    private static string HeadOf(string text) =>
        text.Length <= MaxTextLength ? text
        : char.IsHighSurrogate(text[MaxTextLength - 1]) ? text[..(MaxTextLength - 1)]
        : text[..MaxTextLength];

    private static IEnumerable<string> PartsOf(string text)
    {
        var head = text.Length <= Estimator.MaxLength ? text : text[..Estimator.MaxLength];
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
