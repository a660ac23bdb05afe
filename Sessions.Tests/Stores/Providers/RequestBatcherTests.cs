using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

/// <summary>Calls to a server that answers a text with its capitals.</summary>
[CancelAfter(60_000)]
public sealed class RequestBatcherTests
{
    [Test]
    public async Task A_call_that_comes_alone_is_sent_alone()
    {
        var batcher = new Capitals();
        batcher.Answers.SetResult();

        Assert.That(await batcher.ExecuteAsync("a", Token), Is.EqualTo("A"));
        Assert.That(await batcher.ExecuteAsync("b", Token), Is.EqualTo("B"));
        Assert.That(batcher.Sent, Is.EqualTo(["a", "b"]));
    }

    [Test]
    public async Task Calls_that_come_while_another_is_under_way_go_together()
    {
        var batcher = new Capitals();
        var calls = ((string[])["a", "b", "c", "d"]).Select(text => batcher.ExecuteAsync(text, Token).AsTask()).ToList();

        batcher.Answers.SetResult();

        Assert.That(await Task.WhenAll(calls), Is.EqualTo(["A", "B", "C", "D"]));
        Assert.That(batcher.Sent, Is.EquivalentTo(["a", "b c d"]));
    }

    [Test]
    public async Task Each_call_of_a_batch_that_failed_gets_an_exception_of_its_own()
    {
        var batcher = new Capitals();
        var calls = ((string[])["a", "b", "c"]).Select(text => batcher.ExecuteAsync(text, Token).AsTask()).ToList();

        batcher.Answers.SetException(new IOException("The server is gone."));

        await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var failures = calls[1..].Select(static call => call.Exception!.InnerException).ToList();
        Assert.That(failures, Has.All.InstanceOf<SessionStoreException>().With.Message.StartsWith("Letters failed: The server is gone."));
        Assert.That(failures, Is.Unique);
    }

    [Test]
    public async Task A_caller_that_cancels_leaves_the_others_their_results()
    {
        var batcher = new Capitals();
        using var cancellation = new CancellationTokenSource();
        var first = batcher.ExecuteAsync("a", Token).AsTask();
        var leaves = batcher.ExecuteAsync("b", cancellation.Token).AsTask();
        var stays = batcher.ExecuteAsync("c", Token).AsTask();

        await cancellation.CancelAsync();

        Assert.That(() => leaves, Throws.InstanceOf<OperationCanceledException>());
        batcher.Answers.SetResult();
        Assert.That(await Task.WhenAll(first, stays), Is.EqualTo(["A", "C"]));
    }

    private sealed class Capitals() : RequestBatcher<string, string>("Letters", maxBatches: 1)
    {
        private readonly List<string> _sent = [];

        public TaskCompletionSource Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<string> Sent
        {
            get
            {
                lock (_sent)
                {
                    return [.. _sent];
                }
            }
        }

        protected override async ValueTask<string?> ExecuteOneAsync(string request, CancellationToken cancellationToken)
        {
            await SendAsync(request).WaitAsync(cancellationToken);
            return request.ToUpperInvariant();
        }

        protected override async Task ExecuteBatchAsync(Batch batch)
        {
            var calls = batch.Close();
            await SendAsync(string.Join(' ', calls.Select(static call => call.Request)));
            calls.ForEach(static call => call.SetResult(call.Request.ToUpperInvariant()));
        }

        private Task SendAsync(string text)
        {
            lock (_sent)
            {
                _sent.Add(text);
            }

            return Answers.Task;
        }
    }
}
