namespace Sessions.Tests.Testing.Faults;

internal sealed class NeverCompletes(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<Session?> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return null;
    }
}
