using System.Threading.Tasks.Sources;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>One caller who waits for a record: until it is there, or cannot be had, or he cancels, whichever is first.</summary>
internal sealed class RedisFetch : IValueTaskSource<byte[]?>
{
    private readonly CancellationTokenRegistration _cancellation;

    // Each caller goes on as a work item of his own: one who blocks his thread holds up none of those whose records came with his.
    private ManualResetValueTaskSourceCore<byte[]?> _source = new() { RunContinuationsAsynchronously = true };
    private bool _hasEnded;

    public RedisFetch(RedisKey key, CancellationToken cancellationToken)
    {
        Key = key;
        _cancellation = cancellationToken.UnsafeRegister(
            static (fetch, token) => ((RedisFetch)fetch!).Throw(new OperationCanceledException(token)),
            this
        );
    }

    public RedisKey Key { get; }

    public bool HasEnded => Volatile.Read(ref _hasEnded);

    public ValueTask<byte[]?> AsValueTask() => new(this, _source.Version);

    public void Answer(byte[]? record)
    {
        if (IsFirst())
        {
            _source.SetResult(record);
        }
    }

    /// <summary>Gives this caller an exception of his own: one that several threads throw is changed by all of them.</summary>
    public void Fail(Exception e) => Throw(RedisSessionStore.Failed(e));

    public byte[]? GetResult(short token)
    {
        _cancellation.Unregister();
        return _source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private void Throw(Exception e)
    {
        if (IsFirst())
        {
            _source.SetException(e);
        }
    }

    private bool IsFirst() => !Interlocked.Exchange(ref _hasEnded, true);
}
