namespace Sessions.Tests.Testing;

/// <summary>Mends what a test has broken.</summary>
internal sealed class Repair(Func<ValueTask> repair) : IAsyncDisposable
{
    public Repair(Action repair)
        : this(() =>
        {
            repair();
            return ValueTask.CompletedTask;
        }) { }

    public ValueTask DisposeAsync() => repair();
}
