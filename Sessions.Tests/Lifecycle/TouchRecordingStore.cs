using Sessions.Stores;

namespace Sessions.Tests.Lifecycle;

/// <summary>Records the touches.</summary>
internal sealed class TouchRecordingStore(ISessionStore inner) : DelegatingSessionStore(inner)
{
    private readonly TaskCompletionSource _firstTouch = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int TouchCount { get; private set; }

    public IReadOnlyList<SessionTouch> LastBatch { get; private set; } = [];

    /// <summary>What happens while the store is about to write.</summary>
    public Func<Task>? OnTouching { get; set; }

    /// <summary>Ends when sessions were first touched.</summary>
    public Task FirstTouch => _firstTouch.Task;

    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        await (OnTouching?.Invoke() ?? Task.CompletedTask);
        await base.TouchAsync(touches, cancellationToken);
        (TouchCount, LastBatch) = (TouchCount + touches.Count, touches);
        _firstTouch.TrySetResult();
    }
}
