using System.Collections.Frozen;
using Sessions.Passwords;

namespace Sessions;

/// <summary>
/// Passwords known from breaches, which NIST SP 800-63B-4 (section 3.1.1.2) forbids. Register any number; each is checked.
/// </summary>
public interface IBreachedPasswordList
{
    /// <summary>
    /// Whether the password, normalized to NFKC, is known. Called only for passwords that have no other problem. Called from many threads
    /// at once.
    /// </summary>
    /// <remarks>
    /// Throw when this is unknown, also after a time limit of your own: the password is then not accepted. A list that would rather let
    /// passwords pass while its server is away has to say so by returning false.
    /// </remarks>
    ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken);
}

/// <summary>
/// A breach list in memory, for the top 100,000 or a million passwords of the published collections. Upper and lower case count as the
/// same.
/// </summary>
public sealed class BreachedPasswordList : IBreachedPasswordList
{
    private readonly FrozenSet<string> _passwords;

    /// <summary>A list of passwords; empty ones and what is no well-formed text are passed over.</summary>
    public BreachedPasswordList(IEnumerable<string> passwords)
    {
        ArgumentNullException.ThrowIfNull(passwords);
        _passwords = passwords
            .Where(static password => password.Length > 0 && PasswordText.CountCodePoints(password) is not null)
            .Select(PasswordText.Normalize)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Passwords in the list.</summary>
    public int Count => _passwords.Count;

    /// <summary>Reads a text file in UTF-8, a password a line.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BreachedPasswordList Read(string path) => new(File.ReadLines(path));

    /// <inheritdoc />
    public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken) => new(_passwords.Contains(password));
}

/// <summary>A breach list failed, so it is unknown whether the password is in it: do not accept the password.</summary>
public sealed class BreachedPasswordListException : Exception
{
    /// <summary>A list that failed, with what it threw.</summary>
    public BreachedPasswordListException(string message, Exception innerException)
        : base(message, innerException) { }
}
