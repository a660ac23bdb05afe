using NUnit.Framework;
using Sessions.Testing;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Caching;

/// <summary>Questions that the store does not answer.</summary>
public sealed class FailedFetchTests : CacheTestBase
{
    [Test]
    public async Task All_who_wait_for_an_answer_that_does_not_come_learn_so_and_it_heals()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        var requests = Enumerable.Range(0, 3).Select(_ => AuthAsync(ann.Token)).ToList();
        await held.Arrived;
        Node.Store.Fail(moment: FaultMoment.AfterTheCall);
        held.Release();

        foreach (var request in requests)
        {
            Assert.That(async () => await request, Throws.InstanceOf<SessionStoreException>());
        }

        Node.Store.ClearFailures();
        await AssertAcceptedAsync(ann.Token);
    }

    [Test]
    public async Task A_failure_is_not_cached()
    {
        var ann = await SignInAsync();
        Node.Store.Fail(StoreOperations.Fetch, times: 1);

        Assert.That(async () => await AuthAsync(ann.Token), Throws.InstanceOf<SessionStoreException>());

        Assert.That(await CountFetchesAsync(() => AssertAcceptedAsync(ann.Token)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_store_that_is_down_does_not_refuse_a_cached_session()
    {
        var ann = await SignInCachedAsync();
        Node.Store.Fail();

        await AssertAcceptedAsync(ann.Token);
        Node.Advance(MaxStaleness);

        Assert.That(async () => await AuthAsync(ann.Token), Throws.InstanceOf<SessionStoreException>());
    }

    [Test]
    public async Task A_guess_while_the_store_is_down_evicts_no_entry()
    {
        var ann = await SignInCachedAsync();
        Node.Store.Fail();
        Assert.That(async () => await AuthAsync(ForgedToken.Create(ann.Session.Id)), Throws.InstanceOf<SessionStoreException>());

        await AssertAcceptedAsync(ann.Token);
    }

    [Test]
    public async Task A_cancelled_request_that_fetched_first_leaves_the_fetch_to_the_others()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        using var hangUp = new CancellationTokenSource();
        var first = Node.AuthAsync(ann.Token, hangUp.Token).AsTask();
        await held.Arrived;
        var second = AuthAsync(ann.Token);
        await hangUp.CancelAsync();

        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        held.Release();

        Assert.That(await second, Is.EqualTo(SessionRejection.None));
        Assert.That(Node.FetchCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_cancelled_request_that_waits_disturbs_no_other()
    {
        var ann = await SignInAsync();
        using var held = HoldFetch();
        using var hangUp = new CancellationTokenSource();
        var first = AuthAsync(ann.Token);
        await held.Arrived;
        var second = Node.AuthAsync(ann.Token, hangUp.Token).AsTask();
        await hangUp.CancelAsync();

        Assert.That(async () => await second, Throws.InstanceOf<OperationCanceledException>());
        held.Release();
        Assert.That(await first, Is.EqualTo(SessionRejection.None));
    }

    [Test]
    public async Task A_question_that_is_never_answered_does_not_keep_a_session_out_for_ever()
    {
        var ann = await SignInAsync();
        using var never = Node.Store.Hold(StoreOperations.Fetch);
        var lost = AuthAsync(ann.Token);
        await never.Arrived;
        Node.Advance(MaxStaleness);

        await AssertAcceptedAsync(ann.Token);

        Assert.That(lost.IsCompleted, Is.False);
    }
}
