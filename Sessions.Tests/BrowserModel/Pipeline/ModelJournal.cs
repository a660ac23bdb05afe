using Sessions.Stores;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>
/// What sessions were before they were changed, so that a store of any kind can lose its last seconds as in a failover. A session that left
/// a marker stays ended: no call of the contract takes a marker away.
/// </summary>
internal sealed class ModelJournal(EventQueue queue)
{
    private readonly List<(DateTimeOffset At, SessionId Id, Session? Before)> _changes = [];

    public void Record(ISessionStore store, IEnumerable<SessionId> changed)
    {
        foreach (var id in changed)
        {
            _changes.Add((queue.Now, id, ModelStore.Await(store.FetchAsync(id, CancellationToken.None)).Session));
        }
    }

    /// <returns>The ids of the sessions that are as before, or gone.</returns>
    public IReadOnlyCollection<string> RollBack(ISessionStore store, TimeSpan time)
    {
        var before = new Dictionary<SessionId, Session?>();
        for (var last = _changes.Count - 1; last >= 0 && _changes[last].At > queue.Now - time; last--)
        {
            before[_changes[last].Id] = _changes[last].Before;
            _changes.RemoveAt(last);
        }

        foreach (var (id, session) in before)
        {
            ModelStore.Await(store.DeleteAsync(id, SessionMarker.None, CancellationToken.None));
            if (session is not null && ModelStore.Await(store.FetchAsync(id, CancellationToken.None)).Marker == SessionMarker.None)
            {
                ModelStore.Await(store.CreateAsync(session, null, null, CancellationToken.None));
            }
        }

        return [.. before.Keys.Select(static id => id.ToString())];
    }
}
