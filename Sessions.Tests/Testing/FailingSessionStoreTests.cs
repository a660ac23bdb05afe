using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

public sealed class FailingSessionStoreTests
{
    private ReferenceStore _inner = null!;
    private FailingSessionStore _store = null!;
    private Session _session = null!;

    private static CancellationToken None => CancellationToken.None;

    [SetUp]
    public void WrapAStore()
    {
        var clock = new ManualTimeProvider();
        _inner = new ReferenceStore(clock, new());
        _store = new FailingSessionStore(_inner);
        _session = new SampleSessions(clock, SeededRandom.Create()).Create();
    }

    [Test]
    public async Task Without_a_plan_it_forwards_everything()
    {
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("a", "1") };

        await _store.PrepareAsync(None);
        Assert.That((await _store.CreateAsync(_session, null, None)).Evicted, Is.Empty);
        Assert.That(await _store.FetchSessionAsync(_session.Id, None), Is.EqualTo(_session));
        Assert.That(await _store.FetchAllAsync("ann", None), Is.EqualTo([_session]));
        Assert.That((await _store.UpdateAsync(_session.Id, patch, None)).Outcome, Is.EqualTo(SessionUpdateOutcome.Applied));
        await _store.TouchAsync(
            [
                new()
                {
                    Id = _session.Id,
                    LastSeenAt = _session.LastSeenAt.AddMinutes(1),
                    ExpiresAt = _session.ExpiresAt,
                },
            ],
            None
        );
        Assert.That((await _store.DeleteAsync(_session.Id, None))?.LastSeenAt, Is.EqualTo(_session.LastSeenAt.AddMinutes(1)));
        Assert.That(await _store.DeleteAllAsync("ann", null, None), Is.Empty);
        Assert.That(await _store.DeleteExpiredAsync(1, None), Is.Empty);
        Assert.That((await _store.FetchPageAsync(null, 1, None))!.Sessions, Is.Empty);

        Assert.That(_store.CountCalls(), Is.EqualTo(10));
        Assert.That(_store.CountCalls(StoreOperations.Fetch | StoreOperations.FetchAll), Is.EqualTo(2));
    }

    [Test]
    public async Task It_fails_every_operation_that_it_is_told_to_fail()
    {
        _store.Fail();

        await AssertFailsAsync(() => _store.PrepareAsync(None).AsTask());
        await AssertFailsAsync(() => _store.CreateAsync(_session, null, None).AsTask());
        await AssertFailsAsync(() => _store.FetchSessionAsync(_session.Id, None).AsTask());
        await AssertFailsAsync(() => _store.FetchAllAsync("ann", None).AsTask());
        await AssertFailsAsync(() => _store.UpdateAsync(_session.Id, new SessionPatch(), None).AsTask());
        await AssertFailsAsync(() => _store.TouchAsync([], None).AsTask());
        await AssertFailsAsync(() => _store.DeleteAsync(_session.Id, None).AsTask());
        await AssertFailsAsync(() => _store.DeleteAllAsync("ann", null, None).AsTask());
        await AssertFailsAsync(() => _store.DeleteExpiredAsync(1, None).AsTask());
        await AssertFailsAsync(() => _store.FetchPageAsync(null, 1, None).AsTask());
    }

    [Test]
    public async Task It_has_no_more_than_the_store_behind_it()
    {
        var store = new FailingSessionStore(new PlainStore(_inner));

        Assert.That(store.ChangeFeed, Is.Null);
        Assert.That(await store.DeleteExpiredAsync(1, None), Is.Null);
        Assert.That(await store.FetchPageAsync(null, 1, None), Is.Null);
    }

    [Test]
    public async Task It_fails_until_it_is_healed()
    {
        await _store.CreateAsync(_session, null, None);
        _store.Fail(StoreOperations.Fetch);

        await AssertFailsAsync(() => _store.FetchSessionAsync(_session.Id, None).AsTask());
        await AssertFailsAsync(() => _store.FetchSessionAsync(_session.Id, None).AsTask());
        Assert.That(await _store.FetchAllAsync("ann", None), Is.EqualTo([_session]));

        _store.ClearFailures();
        Assert.That(await _store.FetchSessionAsync(_session.Id, None), Is.EqualTo(_session));
        Assert.That(_store.CountCalls(StoreOperations.Fetch), Is.EqualTo(3));
    }

    [Test]
    public async Task It_fails_as_often_as_planned()
    {
        _store.Fail(StoreOperations.Fetch | StoreOperations.FetchAll, times: 2);

        await AssertFailsAsync(() => _store.FetchSessionAsync(_session.Id, None).AsTask());
        await AssertFailsAsync(() => _store.FetchAllAsync("ann", None).AsTask());
        Assert.That(await _store.FetchSessionAsync(_session.Id, None), Is.Null);
    }

    [Test]
    public async Task A_write_that_fails_before_the_call_is_not_stored()
    {
        _store.Fail(StoreOperations.Create);

        await AssertFailsAsync(() => _store.CreateAsync(_session, null, None).AsTask());

        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.Null);
    }

    [Test]
    public async Task A_write_that_fails_after_the_call_is_stored()
    {
        _store.Fail(StoreOperations.Create, moment: FaultMoment.AfterTheCall);

        await AssertFailsAsync(() => _store.CreateAsync(_session, null, None).AsTask());

        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.EqualTo(_session));
    }

    [Test]
    public async Task The_cause_is_inside()
    {
        var cause = new InvalidOperationException("The cable is cut.");
        _store.Fail(createException: () => cause);

        await Assert.ThatAsync(
            () => _store.FetchSessionAsync(_session.Id, None).AsTask(),
            Throws.TypeOf<SessionStoreException>().With.InnerException.SameAs(cause)
        );
    }

    [Test]
    public async Task A_held_call_goes_on_when_it_is_released()
    {
        using var held = _store.Hold(StoreOperations.Create);
        var create = _store.CreateAsync(_session, null, None).AsTask();
        await held.Arrived.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.Null);
        Assert.That(create.IsCompleted, Is.False);

        held.Release();
        await create.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.EqualTo(_session));
    }

    [Test]
    public async Task A_call_can_be_held_after_the_store_has_done_its_work()
    {
        using var held = _store.Hold(StoreOperations.Create, FaultMoment.AfterTheCall);
        var create = _store.CreateAsync(_session, null, None).AsTask();
        await held.Arrived.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.EqualTo(_session));
        Assert.That(create.IsCompleted, Is.False);

        held.Release();
        await create.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_hold_holds_one_call()
    {
        using var held = _store.Hold(StoreOperations.Fetch);
        var fetch = _store.FetchSessionAsync(_session.Id, None).AsTask();
        await held.Arrived.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(await _store.FetchSessionAsync(_session.Id, None).AsTask().WaitAsync(TimeSpan.FromSeconds(30)), Is.Null);

        held.Release();
        Assert.That(await fetch.WaitAsync(TimeSpan.FromSeconds(30)), Is.Null);
    }

    [Test]
    public async Task A_failure_planned_while_a_call_is_held_applies_to_that_call()
    {
        using var held = _store.Hold(StoreOperations.Fetch);
        var fetch = _store.FetchSessionAsync(_session.Id, None).AsTask();
        await held.Arrived.WaitAsync(TimeSpan.FromSeconds(30));
        _store.Fail(StoreOperations.Fetch);

        held.Release();

        await AssertFailsAsync(() => fetch);
    }

    [Test]
    public async Task A_held_call_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        using var held = _store.Hold(StoreOperations.Create);
        var create = _store.CreateAsync(_session, null, cancellation.Token).AsTask();
        await held.Arrived.WaitAsync(TimeSpan.FromSeconds(30));

        await cancellation.CancelAsync();

        await Assert.ThatAsync(() => create, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await _inner.FetchSessionAsync(_session.Id, None), Is.Null);
    }

    private static Task AssertFailsAsync(Func<Task> call) =>
        Assert.ThatAsync(call, Throws.TypeOf<SessionStoreException>().With.InnerException.TypeOf<TimeoutException>());
}
