using Sessions.Stores;

namespace Sessions.Tests.Docs.Snippets;

// snippet
public sealed class FetchCounter(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public override ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        return base.FetchAsync(id, cancellationToken);
    }
}
// end
