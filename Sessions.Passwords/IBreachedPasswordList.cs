namespace Sessions;

/// <summary>Passwords known from breaches, which NIST SP 800-63B-4 (section 3.1.1.2) forbids. Register any number; each is asked.</summary>
public interface IBreachedPasswordList
{
    /// <summary>
    /// Whether the password, normalized to NFKC, is known. Asked only about passwords that nothing else is wrong with. Called from many threads at once.
    /// </summary>
    /// <remarks>
    /// Throw when it cannot be told, also after a time limit of your own: the password is then not accepted. A list that would rather let passwords pass while its server is away
    /// has to say so by returning false.
    /// </remarks>
    ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken);
}
