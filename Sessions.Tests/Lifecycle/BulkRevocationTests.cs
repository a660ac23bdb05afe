using NUnit.Framework;
using NUnit.Framework.Constraints;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Lifecycle;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BulkRevocationTests : IAsyncDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<SessionEndedContext> _ended = [];
    private readonly List<int> _progress = [];
    private readonly DeletionRecordingStore _store;
    private readonly SessionManager _manager;

    public BulkRevocationTests()
    {
        _store = new DeletionRecordingStore(_clock);
        _manager = NewManager(_store);
    }

    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    [Test]
    public async Task A_session_that_stands_on_two_pages_is_counted_and_reported_once()
    {
        await CreateAsync(700);
        _store.RepeatsPages = true;

        Assert.That(await RevokeAllAsync(), Is.EqualTo(700));
        Assert.That(_ended, Has.Count.EqualTo(700));
    }

    [Test]
    public async Task A_failure_says_how_many_were_ended_and_the_rest_is_ended_by_another_call()
    {
        await CreateAsync(1200);
        _store.FailsAtDeletion = 700;

        var failure = await Assert.ThrowsAsync<SessionStoreException>(async () => await RevokeAllAsync());

        Assert.That(_ended, Has.Count.InRange(500, 1199));
        Assert.That(failure!.Message, Does.Contain($"after {_ended.Count} sessions").And.Contain("the disk is full"));
        Assert.That(_progress, Is.EqualTo([500, _ended.Count]));
        Assert.That(_store.Table.Records, Has.Count.EqualTo(1200 - _ended.Count));
        _store.FailsAtDeletion = null;
        Assert.That(await RevokeAllAsync(), Is.EqualTo(1200 - _progress[1]));
        Assert.That(_ended, Has.Count.EqualTo(1200));
    }

    [Test]
    public async Task A_cancellation_stops_between_two_pages()
    {
        await CreateAsync(1200);
        using var stop = new CancellationTokenSource();
        _store.Deleted = count =>
        {
            if (count == 100)
            {
                stop.Cancel();
            }
        };

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await RevokeAllAsync(stop.Token));

        Assert.That(_store.WasCancellable, Is.False, "Nobody could tell whether it was ended.");
        Assert.That(_ended, Has.Count.EqualTo(500));
        Assert.That(_progress, Has.Some.EqualTo(500).And.All.EqualTo(500));
    }

    [Test]
    public async Task No_more_than_sixteen_sessions_are_ended_at_once()
    {
        await CreateAsync(300);

        await RevokeAllAsync();

        Assert.That(_store.MaxConcurrency, Is.InRange(2, 16));
    }

    [Test]
    public async Task A_page_on_which_the_predicate_throws_is_left_as_it_is()
    {
        await CreateAsync(20);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(async () =>
            await new SessionAdministration(_manager).RevokeWhereAsync(
                (user, _) => user == "user 13" ? throw new InvalidTimeZoneException() : true,
                null,
                Token
            )
        );

        Assert.That(_store.Table.Records, Has.Count.EqualTo(20));
    }

    [Test]
    public async Task A_store_without_pages_is_refused_before_anything_is_done()
    {
        await using var manager = NewManager(new PlainStore(new MemorySessionStore(time: _clock)));

        Assert.That(
            async () => await new SessionAdministration(manager).EnumerateAsync(Token).GetAsyncEnumerator(Token).MoveNextAsync(),
            ThrowsWithoutPages()
        );
        Assert.That(async () => await new SessionAdministration(manager).FetchPageAsync(cancellationToken: Token), ThrowsWithoutPages());
        Assert.That(
            async () => await new SessionAdministration(manager).RevokeWhereAsync((_, _) => true, cancellationToken: Token),
            ThrowsWithoutPages()
        );

        static ContainsConstraint ThrowsWithoutPages() =>
            Throws.InvalidOperationException.With.Message.Contains("Redis").And.Message.Contains(nameof(ISessionStore.FetchPageAsync));
    }

    private SessionManager NewManager(ISessionStore store)
    {
        var options = new SessionUpOptions();
        options.Events.OnEnded += ended =>
        {
            lock (_ended)
            {
                _ended.Add(ended);
            }

            return ValueTask.CompletedTask;
        };
        return new(store, options, _clock);
    }

    private async Task CreateAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _manager.InitAsync($"user {i}", cancellationToken: Token);
        }
    }

    private ValueTask<int> RevokeAllAsync(CancellationToken? cancellationToken = null) =>
        new SessionAdministration(_manager).RevokeWhereAsync((_, _) => true, new RecordingProgress(_progress), cancellationToken ?? Token);

    private sealed class RecordingProgress(List<int> reports) : IProgress<int>
    {
        public void Report(int value) => reports.Add(value);
    }

    private sealed class DeletionRecordingStore(TimeProvider time) : ReferenceStore(time, new ReferenceTable())
    {
        private int _deletions;
        private int _concurrent;

        public bool RepeatsPages { get; set; }

        public int? FailsAtDeletion { get; set; }

        public Action<int> Deleted { get; set; } = static _ => { };

        public int MaxConcurrency { get; private set; }

        public bool WasCancellable { get; private set; }

        public override async ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken)
        {
            var (deletion, atOnce) = (Interlocked.Increment(ref _deletions), Interlocked.Increment(ref _concurrent));
            try
            {
                lock (Table)
                {
                    MaxConcurrency = Math.Max(MaxConcurrency, atOnce);
                    WasCancellable |= cancellationToken.CanBeCanceled;
                }

                await Task.Yield();
                return deletion == FailsAtDeletion
                    ? throw new SessionStoreException("the disk is full")
                    : await base.DeleteAsync(id, leaves, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _concurrent);
                Deleted(deletion);
            }
        }

        protected override SessionPage Page(string? continuation, int limit)
        {
            var page = base.Page(continuation, limit);
            return RepeatsPages ? page with { Sessions = [.. page.Sessions, .. page.Sessions] } : page;
        }
    }
}
