using System.Threading.Channels;
using Sessions.Stores;

namespace Sessions.Tests.ChangeFeed;

/// <summary>Connections of a hub that do what the test says.</summary>
internal sealed class ScriptedFeedConnection
{
    private readonly Channel<Attempt> _attempts = Channel.CreateUnbounded<Attempt>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _attemptCount;

    public int AttemptCount => Volatile.Read(ref _attemptCount);

    public async Task ListenAsync(ChangeFeedBroker hub, CancellationToken cancellationToken)
    {
        var attempt = new Attempt(cancellationToken);
        Interlocked.Increment(ref _attemptCount);
        await _attempts.Writer.WriteAsync(attempt, CancellationToken.None);
        await await Task.WhenAny(attempt.Ended, _closed.Task);
    }

    /// <summary>The test is over: every connection there is or will be ends.</summary>
    public void Close() => _closed.TrySetResult();

    /// <summary>The next attempt to connect.</summary>
    public async Task<Attempt> NextAttemptAsync(CancellationToken cancellationToken) => await _attempts.Reader.ReadAsync(cancellationToken);

    internal sealed class Attempt
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Attempt(CancellationToken cancellationToken)
        {
            cancellationToken.Register(() =>
            {
                _cancelled.TrySetResult();
                WhenCancelled?.Invoke();
            });
        }

        public Task Ended => _end.Task;

        public Task Cancelled => _cancelled.Task;

        /// <summary>What the connection does first when it is cancelled.</summary>
        public Action? WhenCancelled { get; set; }

        public void Return() => _end.TrySetResult();

        public void Throw(Exception exception) => _end.TrySetException(exception);
    }
}
