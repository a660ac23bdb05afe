using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

// What stores make of a failure of the driver.

internal sealed class ThrowsTheDriversException(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void ThrowIfBroken()
    {
        if (Table.Failure is { } cause)
        {
            throw cause;
        }
    }
}

internal sealed class OmitsTheDriversException(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    protected override void ThrowIfBroken()
    {
        if (Table.Failure is { } cause)
        {
            throw new SessionStoreException(cause.Message);
        }
    }
}

internal sealed class FindsNothingWhenTheDriverFails(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken)
    {
        try
        {
            return await base.FetchAsync(id, cancellationToken);
        }
        catch (SessionStoreException)
        {
            return default;
        }
    }

    public override async ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await base.FetchAllAsync(userKey, valueKeys, cancellationToken);
        }
        catch (SessionStoreException)
        {
            return [];
        }
    }
}

internal sealed class LosesTouchesWhenTheDriverFails(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken)
    {
        try
        {
            await base.TouchAsync(touches, cancellationToken);
        }
        catch (SessionStoreException)
        {
            // "It is only a touch."
        }
    }
}

internal sealed class PreparesInSpiteOfAFailure(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override ValueTask PrepareAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

internal sealed class PreparesByStartingAnew(TimeProvider time, ReferenceTable table) : ReferenceStore(time, table)
{
    public override async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        Records.Clear();
    }
}
