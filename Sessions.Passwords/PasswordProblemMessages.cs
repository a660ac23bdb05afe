namespace Sessions.Passwords;

/// <summary>The messages that users read unless the application replaces them.</summary>
internal static class PasswordProblemMessages
{
    public static string Get(PasswordProblem problem, PasswordCheckOptions options) =>
        options.Describe?.Invoke(problem)
        ?? problem switch
        {
            PasswordProblem.TooShort =>
                $"Use at least {options.MinLength} characters. A few words that do not belong together are easy to remember.",
            PasswordProblem.TooLong => $"Use at most {options.MaxLength} characters.",
            PasswordProblem.IllFormed => "Part of what was sent is no text. Please type the password again.",
            PasswordProblem.Name => "This is too close to your name, your address or ours.",
            PasswordProblem.Compromised => "This password is known from data breaches. Attackers try it first.",
            PasswordProblem.Dictionary => "These words are guessed soon. Add some more that do not belong together.",
            PasswordProblem.Repetitive => "This repeats itself. Said again, a thing is no harder to guess.",
            PasswordProblem.Sequential => "This is a row of letters, digits or keys, which is guessed at once.",
            _ => "This is guessed soon. Make it longer, with words that do not belong together.",
        };
}
