namespace Sessions.Tests.Passwords;

/// <summary>Breach lists as they are on bad days.</summary>
internal static class BreachedPasswordLists
{
    internal sealed class FailingList(Exception failure) : IBreachedPasswordList
    {
        public int QueryCount { get; private set; }

        public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken)
        {
            QueryCount++;
            return ValueTask.FromException<bool>(failure);
        }
    }

    internal sealed class Cancellable : IBreachedPasswordList
    {
        public ValueTask<bool> ContainsAsync(string password, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(false);
        }
    }
}
