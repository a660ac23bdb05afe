using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>
/// The stores of the nodes over one backend, for many runs: one for each node, by its clock, where the backend has more than one; otherwise
/// all nodes share it.
/// </summary>
internal sealed class ModelNodes(SessionStoreBackend backend)
{
    private readonly List<(ISessionStore Store, ModelClock Clock)> _nodes = [];

    /// <summary>Goes on from run to run.</summary>
    public ManualTimeProvider Clock { get; } = new();

    /// <summary>A node's store and clock.</summary>
    /// <param name="at">Which node.</param>
    /// <param name="skew">How wrong its clock is from now on.</param>
    public (ISessionStore Store, TimeProvider Clock) Get(int at, TimeSpan skew)
    {
        while (_nodes.Count <= at)
        {
            var clock = new ModelClock(Clock);
            _nodes.Add((_nodes.Count == 0 ? Create(clock) : CreateNode(clock) ?? _nodes[0].Store, clock));
        }

        _nodes[at].Clock.Skew = skew;
        return _nodes[at];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _nodes.Select(static node => node.Store).Distinct().Reverse())
        {
            switch (store)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }

        if (_nodes.Count > 0)
        {
            await backend.CleanUpAsync();
        }
    }

    private ISessionStore Create(TimeProvider clock) => ModelStore.Await(backend.CreateStoreAsync(clock));

    private ISessionStore? CreateNode(TimeProvider clock) => ModelStore.Await(backend.CreateNodeAsync(clock));
}

/// <summary>A clock that is wrong in another way in each run.</summary>
internal sealed class ModelClock(ManualTimeProvider clock) : TimeProvider
{
    public TimeSpan Skew { get; set; }

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Skew;

    /// <summary>
    /// Stands still: no call of the store counts as slow. Where one does, the store is probed in real time, beside the simulation, and runs
    /// of the same steps would differ. The age of what is cached does not count either; the feed tells what has changed.
    /// </summary>
    public override long GetTimestamp() => 0;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
