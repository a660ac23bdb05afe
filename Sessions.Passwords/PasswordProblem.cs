namespace Sessions;

/// <summary>What is wrong with a password.</summary>
public enum PasswordProblem
{
    /// <summary>It has fewer characters than <see cref="PasswordCheckOptions.MinLength"/>.</summary>
    TooShort,

    /// <summary>It has more characters than <see cref="PasswordCheckOptions.MaxLength"/>. Nothing else was looked at.</summary>
    TooLong,

    /// <summary>It is no well-formed text: an unpaired surrogate would be hashed like any other one. Nothing else was looked at.</summary>
    IllFormed,

    /// <summary>It is what is known of the user or the application, or made mostly of that or of people's names.</summary>
    Name,

    /// <summary>It is on a breach list, or on the list of common passwords that comes with the estimator.</summary>
    Compromised,

    /// <summary>It is made mostly of words, or of common passwords put together, and too few of them.</summary>
    Dictionary,

    /// <summary>It repeats one thing that would not do by itself, or is made mostly of repetitions.</summary>
    Repetitive,

    /// <summary>It is a run of the alphabet, of digits or of keys on a keyboard, or made mostly of such.</summary>
    Sequential,

    /// <summary>It would be guessed soon for no single one of the other reasons: dates, or a bit of everything.</summary>
    Guessable,
}
