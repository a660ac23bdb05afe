using Sessions.Passwords;

namespace Sessions.Tests.Passwords;

/// <summary>Breach lists as they are on bad days.</summary>
internal static class Lists
{
    internal sealed class Failing(Exception failure) : IBreachedPasswords
    {
        public int Asked { get; private set; }

        public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromException<bool>(failure);
        }
    }

    internal sealed class Cancellable : IBreachedPasswords
    {
        public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(false);
        }
    }
}
