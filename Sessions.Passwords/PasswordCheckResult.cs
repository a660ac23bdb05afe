using Sessions.Passwords;

namespace Sessions;

/// <summary>What was found about a password. The password itself is not in it.</summary>
public sealed class PasswordCheckResult
{
    internal PasswordCheckResult(IReadOnlyList<PasswordProblem> problems, int score, PasswordCheckOptions options)
    {
        (Problems, Score) = (problems, score);
        Messages = [.. problems.Select(problem => PasswordProblemMessages.Get(problem, options))];
    }

    /// <summary>Whether nothing is wrong with it.</summary>
    public bool IsAccepted => Problems.Count == 0;

    /// <summary>
    /// What is wrong with it: that it is too short, if it is, then the main reason why it is weak; empty when it is accepted.
    /// </summary>
    public IReadOnlyList<PasswordProblem> Problems { get; }

    /// <summary>The same for the user to read, one for each problem: <see cref="PasswordCheckOptions.Describe"/>.</summary>
    public IReadOnlyList<string> Messages { get; }

    /// <summary>zxcvbn's score, from 0 (guessed at once) to 4, for a meter; 0 where nothing had to be estimated.</summary>
    public int Score { get; }

    /// <summary>The verdict in words.</summary>
    public override string ToString() => IsAccepted ? "accepted" : string.Join(", ", Problems);
}
