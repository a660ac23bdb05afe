using System.Runtime.CompilerServices;
using System.Text;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>While the connection is made, the first caller waits alone and all others are gathered: tests decide who comes together.</summary>
[CancelAfter(60_000)]
public sealed class RedisReadBatcherTests
{
    private RedisProcess _server = null!;
    private RedisProxy _proxy = null!;
    private ConnectionMultiplexer _multiplexer = null!;
    private TaskCompletionSource<IConnectionMultiplexer> _connecting = null!;
    private RedisConnection _connection = null!;
    private RedisReadBatcher _batcher = null!;

    [SetUp]
    public async Task SetUp()
    {
        _server = await RedisProcess.StartAsync();
        _proxy = RedisProxy.Start(_server.Port);
        _multiplexer = await ConnectionMultiplexer.ConnectAsync(_proxy.Endpoint);
        _connecting = NewConnecting();
        _connection = new(() => _connecting.Task, ownsConnection: false);
        _batcher = new(_connection);
        foreach (var key in (string[])["a", "b", "c"])
        {
            await _server.CallAsync("SET", key, $"record of {key}");
        }

        _proxy.ClearCommands();
    }

    [TearDown]
    public async Task TearDown()
    {
        _connection.Dispose();
        _multiplexer.Dispose();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task Sequential_calls_send_a_GET_each_also_after_a_batch()
    {
        Connect();
        await AssertAnswersAsync(("a", FetchAsync("a")));
        await AssertAnswersAsync(("b", FetchAsync("b")));
        Assert.That(_proxy.Commands, Is.EqualTo(["GET", "GET"]));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FetchAsync("a")));
        _proxy.ClearCommands();

        await AssertAnswersAsync(("c", FetchAsync("c")));
        await AssertAnswersAsync(("b", FetchAsync("b")));

        Assert.That(_proxy.Commands, Is.EqualTo(["GET", "GET"]));
    }

    [Test]
    public async Task Calls_during_another_are_batched_and_each_gets_its_own_record()
    {
        (string, Task<string?>)[] fetching = [.. ((string[])["a", "a", "b", "nobody", "c", "b"]).Select(key => (key, FetchAsync(key)))];

        Connect();

        await AssertAnswersAsync(fetching);
        Assert.That(_proxy.Commands, Is.EquivalentTo(["GET", "MGET"]));
    }

    [Test]
    public async Task A_command_reads_128_records_at_most()
    {
        var fetching = Enumerable.Range(0, 1 + 128 + 128 + 1).Select(_ => FetchAsync("a")).ToList();

        Connect();

        Assert.That(await Task.WhenAll(fetching), Is.All.EqualTo("record of a"));
        Assert.That(_proxy.Commands, Is.EquivalentTo(["GET", "MGET", "MGET", "GET"]));
    }

    [Test]
    public async Task A_call_is_never_answered_by_a_command_that_was_sent_before_it()
    {
        Connect();
        await FetchAsync("a");
        _proxy.HoldResponses();
        var alone = FetchAsync("a");
        await _proxy.WaitForForwardedAsync(2);
        await _server.CallAsync("SET", "a", "second");
        var gathered = FetchAsync("a");
        await _proxy.WaitForForwardedAsync(3);
        await _server.CallAsync("SET", "a", "third");

        var last = FetchAsync("a");
        await _proxy.WaitForForwardedAsync(4);
        _proxy.ReleaseResponses();

        Assert.That(await Task.WhenAll(alone, gathered, last), Is.EqualTo(["record of a", "second", "third"]));
    }

    [Test]
    public async Task A_caller_who_cancels_waits_no_longer_and_the_others_go_on()
    {
        using var cancellation = new CancellationTokenSource();
        var alone = FetchAsync("a");
        var (cancelled, other) = (FetchAsync("b", cancellation.Token), FetchAsync("c"));
        _proxy.HoldResponses();
        Connect();
        await _proxy.WaitForForwardedAsync(2);

        await cancellation.CancelAsync();

        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(other.IsCompleted, Is.False);
        _proxy.ReleaseResponses();
        await AssertAnswersAsync(("a", alone), ("c", other));
        Assert.That(_proxy.Commands, Is.EquivalentTo(["GET", "MGET"]));
    }

    [Test]
    public async Task Calls_that_were_cancelled_before_the_batch_are_not_sent()
    {
        using var cancellation = new CancellationTokenSource();
        var alone = FetchAsync("a", cancellation.Token);
        var gathered = Enumerable.Range(0, 10).Select(_ => FetchAsync("b", cancellation.Token)).ToList();

        await cancellation.CancelAsync();
        Connect();

        foreach (var cancelled in gathered.Append(alone))
        {
            Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        }

        await AssertAnswersAsync(("c", FetchAsync("c")));
        Assert.That(_proxy.Commands, Is.EqualTo(["GET"]));
    }

    [Test]
    public async Task A_failing_command_fails_each_call_of_its_batch_with_an_own_exception_and_no_other()
    {
        await _server.CallAsync("ACL", "SETUSER", "default", "-mget");
        var alone = FetchAsync("a");
        var gathered = Enumerable.Range(0, 5).Select(_ => FetchAsync("b")).ToList();
        Connect();

        await AssertAnswersAsync(("a", alone));
        var failures = await FailuresAsync(gathered);
        Assert.That(failures, Is.Unique);
        Assert.That(failures.Select(static failure => failure.InnerException), Is.All.InstanceOf<RedisServerException>());

        await _server.CallAsync("ACL", "SETUSER", "default", "+mget");
        await AssertAnswersAsync([.. ((string[])["a", "b", "c"]).Select(key => (key, FetchAsync(key)))]);
    }

    [Test]
    public async Task A_connection_that_cannot_be_made_fails_for_each_caller_and_is_tried_again_by_the_next()
    {
        var fetching = Enumerable.Range(0, 5).Select(_ => FetchAsync("a")).ToList();
        _connecting.SetException(new InvalidOperationException("no connection"));

        var failures = await FailuresAsync(fetching);

        Assert.That(failures, Is.Unique);
        Assert.That(failures.Select(static failure => failure.InnerException!.Message), Is.All.EqualTo("no connection"));
        _connecting = NewConnecting();
        Connect();
        await AssertAnswersAsync(("a", FetchAsync("a")), ("b", FetchAsync("b")));
    }

    [Test]
    public async Task Disposing_ends_the_wait_for_a_connection()
    {
        var fetching = Enumerable.Range(0, 5).Select(_ => FetchAsync("a")).ToList();

        _connection.Dispose();

        Assert.That(await FailuresAsync(fetching), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Callers_who_block_their_threads_hold_up_none_of_those_whose_records_came_with_theirs()
    {
        var cancellationToken = TestContext.CurrentContext.CancellationToken;
        using var all = new CountdownEvent(3);
        var alone = FetchAsync("a");
        var meeting = Enumerable.Range(0, 3).Select(_ => BatchAsync()).ToList();
        Connect();

        await Task.WhenAll(meeting);
        await alone;

        async Task BatchAsync()
        {
            await _batcher.ExecuteAsync("b", default).ConfigureAwait(false);
            all.Signal();
            all.Wait(cancellationToken);
        }
    }

    [Test]
    public async Task A_finished_batch_leaves_nothing_in_memory()
    {
        var seen = await FetchManyAsync();
        // Who answered the last of the crowd may not have returned yet, nor the driver have let go of its latest command: that ends by
        // itself. What is kept is kept for good.
        do
        {
            await FetchAsync("a");
            GC.Collect();
        } while (seen.Exists(static one => one.IsAlive) && !TestContext.CurrentContext.CancellationToken.IsCancellationRequested);

        Assert.That(seen.Count(static one => one.IsAlive), Is.Zero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference>> FetchManyAsync()
    {
        var keys = Enumerable.Range(0, 200).Select(static i => Encoding.ASCII.GetBytes($"nobody {i}")).ToList();
        var fetching = keys.Select(key => _batcher.ExecuteAsync(key, default).AsTask()).ToList();
        Connect();
        await Task.WhenAll(fetching);
        return [.. keys.Select(static key => new WeakReference(key)), .. fetching.Select(static fetch => new WeakReference(fetch))];
    }

    private static TaskCompletionSource<IConnectionMultiplexer> NewConnecting() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Connect() => _connecting.SetResult(_multiplexer);

    private async Task<string?> FetchAsync(string key, CancellationToken cancellationToken = default) =>
        await _batcher.ExecuteAsync(key, cancellationToken) is { } record ? Encoding.ASCII.GetString(record) : null;

    private static async Task AssertAnswersAsync(params (string Key, Task<string?> Fetching)[] fetching)
    {
        foreach (var (key, record) in fetching)
        {
            Assert.That(await record, Is.EqualTo(key == "nobody" ? null : $"record of {key}"));
        }
    }

    private static async Task<List<SessionStoreException>> FailuresAsync(List<Task<string?>> fetching)
    {
        await Task.WhenAll(fetching).ContinueWith(static _ => { }, TaskScheduler.Default);
        return [.. fetching.Select(static one => one.Exception!.InnerException).Cast<SessionStoreException>()];
    }
}
