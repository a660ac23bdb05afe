using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Life;

/// <summary>Remembers the touches.</summary>
internal sealed class CountingStore(ISessionStore inner) : PlainStore(inner)
{
    private readonly TaskCompletionSource _touched = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Touched { get; private set; }

    public IReadOnlyList<SessionTouch> LastBatch { get; private set; } = [];

    /// <summary>What happens while the store is about to write.</summary>
    public Func<Task>? BeforeTouch { get; set; }

    /// <summary>Ends when sessions were first touched.</summary>
    public Task NextTouch => _touched.Task;

    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        await (BeforeTouch?.Invoke() ?? Task.CompletedTask);
        await base.TouchAsync(touches, cancellationToken);
        (Touched, LastBatch) = (Touched + touches.Count, touches);
        _touched.TrySetResult();
    }
}
