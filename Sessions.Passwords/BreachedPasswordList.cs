using System.Collections.Frozen;
using Sessions.Passwords;

namespace Sessions;

/// <summary>A breach list in memory, for the top 100,000 or a million passwords of the published collections. Upper and lower case count as the same.</summary>
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
