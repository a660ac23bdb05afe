using Sessions.Stores;

namespace Sessions.Tests.Testing.Faults;

/// <summary>Fails in one call, whichever it is, and works before and after it.</summary>
internal abstract class FailsInOneCall(TimeProvider time, ReferenceTable table, int call) : ReferenceStore(time, table)
{
    public const string Cause = "The disk is on fire.";

    protected override void ThrowIfBroken()
    {
        if (++Table.Calls == call)
        {
            throw StoreFailure.Create("The table", new IOException(Cause));
        }
    }
}

internal sealed class FailsInTheFirstCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 1);

internal sealed class FailsInTheSecondCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 2);

internal sealed class FailsInTheFifthCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 5);

internal sealed class FailsInTheTenthCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 10);

internal sealed class FailsInThe15thCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 15);

internal sealed class FailsInThe25thCall(TimeProvider time, ReferenceTable table) : FailsInOneCall(time, table, 25);
