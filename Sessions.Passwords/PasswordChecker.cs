using Sessions.Passwords;

namespace Sessions;

/// <summary>
/// Checks new passwords after NIST SP 800-63B-4 (section 3.1.1.2): long enough, not on a list of those that are known or expected, and
/// without any rule of composition. Make one for the life of the application, or have it injected (<c>AddPasswordChecks</c>). Nothing of a
/// password is kept or logged.
/// </summary>
public sealed class PasswordChecker
{
    private readonly PasswordCheckOptions _options;
    private readonly PasswordStrengthEstimator _estimator;
    private readonly IBreachedPasswordList[] _breachedLists;

    /// <summary>A checker.</summary>
    /// <param name="options">How to check; null: the defaults.</param>
    /// <param name="breachedLists">Breach lists. Default: none but the common passwords that come with the estimator.</param>
    /// <exception cref="ArgumentException">The options cannot be met; the message says what to do.</exception>
    public PasswordChecker(PasswordCheckOptions? options = null, IEnumerable<IBreachedPasswordList>? breachedLists = null)
        : this(options ?? new(), breachedLists ?? [], PasswordStrengthEstimator.Default) { }

    internal PasswordChecker(
        PasswordCheckOptions options,
        IEnumerable<IBreachedPasswordList> breachedLists,
        PasswordStrengthEstimator estimator
    )
    {
        if (options.GetFailures().FirstOrDefault() is { } failure)
        {
            throw new ArgumentException(failure, nameof(options));
        }

        (_options, _breachedLists, _estimator) = (options, [.. breachedLists], estimator);
    }

    /// <summary>Checks a password that a user would like to have.</summary>
    /// <param name="password">The password, as it was typed.</param>
    /// <param name="userInputs">What is known of the user: names, mail addresses, birthday. Null ones are passed over; with
    /// <see cref="PasswordCheckOptions.Words"/> 32 are looked at.</param>
    /// <param name="cancellationToken">Goes to the breach lists.</param>
    /// <exception cref="BreachedPasswordListException">A breach list failed, so the password must not be accepted.</exception>
    public async ValueTask<PasswordCheckResult> CheckAsync(
        string password,
        IEnumerable<string?>? userInputs = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(password);
        if (FindTextProblem(password) is { } problem)
        {
            return new([problem], 0, _options);
        }

        var text = PasswordText.Normalize(password);
        var (score, weakness) = EstimateStrength(text, new UserWords((userInputs ?? []).Concat(_options.Words)));
        var problems = new List<PasswordProblem>();
        if (PasswordText.CountTextElements(password) < _options.MinLength)
        {
            problems.Add(PasswordProblem.TooShort);
        }

        // A password that is too short is always guessable: one problem is enough.
        if (weakness is { } reason && (reason != PasswordProblem.Guessable || problems.Count == 0))
        {
            problems.Add(reason);
        }

        if (problems.Count == 0 && await IsBreachedAsync(text, cancellationToken).ConfigureAwait(false))
        {
            problems.Add(PasswordProblem.Compromised);
        }

        return new(problems, score, _options);
    }

    /// <summary>What costs no more than a walk over as many characters as are allowed, however long the text.</summary>
    private PasswordProblem? FindTextProblem(string password)
    {
        const int unitsOfACodePoint = 2;
        return password.Length > unitsOfACodePoint * _options.MaxLength ? PasswordProblem.TooLong
            : PasswordText.CountCodePoints(password) is not { } codePoints ? PasswordProblem.IllFormed
            : codePoints > _options.MaxLength ? PasswordProblem.TooLong
            : null;
    }

    private (int Score, PasswordProblem? Problem) EstimateStrength(string text, UserWords words)
    {
        if (words.Contains(text))
        {
            return (0, PasswordProblem.Name);
        }

        if (Sequence.IsKeyboardRun(text))
        {
            return (0, PasswordProblem.Sequential);
        }

        // A repeated text is hardly harder to guess than one copy of it.
        var unit = Repetition.GetUnit(text);
        var repeats = unit.Length < text.Length;
        if (repeats && PasswordText.CountTextElements(unit) == 1)
        {
            return (0, PasswordProblem.Repetitive);
        }

        var (score, reason) = _estimator.Estimate(unit, words.Words);
        return (
            score,
            score >= _options.MinScore ? null
            : repeats ? PasswordProblem.Repetitive
            : reason
        );
    }

    private async ValueTask<bool> IsBreachedAsync(string text, CancellationToken cancellationToken)
    {
        foreach (var list in _breachedLists)
        {
            try
            {
                if (await list.ContainsAsync(text, cancellationToken).ConfigureAwait(false))
                {
                    return true;
                }
            }
            catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                throw new BreachedPasswordListException($"{list.GetType().Name} could not tell whether it has the password.", e);
            }
        }

        return false;
    }
}
