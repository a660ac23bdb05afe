using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

[CancelAfter(60_000)]
public sealed class SharedAttemptTests
{
    [Test]
    public async Task Callers_share_one_attempt_and_its_result()
    {
        var (attempts, result) = (0, new TaskCompletionSource<string>());
        var attempt = new SharedAttempt<string>(() =>
        {
            Interlocked.Increment(ref attempts);
            return result.Task;
        });

        var calls = Enumerable.Range(0, 20).Select(_ => attempt.GetAsync(Token)).ToList();
        result.SetResult("done");

        Assert.That(await Task.WhenAll(calls), Is.All.EqualTo("done"));
        Assert.That(
            await attempt.GetAsync(new CancellationToken(canceled: true)),
            Is.EqualTo("done"),
            "What is there, need not be waited for."
        );
        Assert.That(attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task The_next_call_after_a_failure_makes_another_attempt()
    {
        var attempts = 0;
        var attempt = new SharedAttempt<int>(() =>
            ++attempts < 3 ? Task.FromException<int>(new IOException($"attempt {attempts}")) : Task.FromResult(attempts)
        );

        Assert.That(() => attempt.GetAsync(Token), Throws.TypeOf<IOException>().With.Message.EqualTo("attempt 1"));
        Assert.That(() => attempt.GetAsync(Token), Throws.TypeOf<IOException>().With.Message.EqualTo("attempt 2"));
        Assert.That(await attempt.GetAsync(Token), Is.EqualTo(3));
    }

    [Test]
    public async Task A_caller_that_cancels_ends_its_own_wait_only()
    {
        var result = new TaskCompletionSource<string>();
        var attempt = new SharedAttempt<string>(() => result.Task);
        using var cancellation = new CancellationTokenSource();
        var (leaves, stays) = (attempt.GetAsync(cancellation.Token), attempt.GetAsync(Token));

        await cancellation.CancelAsync();

        Assert.That(() => leaves, Throws.InstanceOf<OperationCanceledException>());
        result.SetResult("done");
        Assert.That(await stays, Is.EqualTo("done"));
    }

    [Test]
    public async Task An_attempt_that_blocks_holds_up_no_caller()
    {
        using var gate = new ManualResetEventSlim();
        var attempt = new SharedAttempt<int>(() =>
        {
            gate.Wait(CancellationToken.None);
            return Task.FromResult(1);
        });

        var waiting = attempt.GetAsync(Token);

        Assert.That(attempt.Latest, Is.Not.Null);
        gate.Set();
        Assert.That(await waiting, Is.EqualTo(1));
    }
}
