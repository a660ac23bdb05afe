namespace Sessions.Tests.Testing.Faults;

internal static class FaultyStore
{
    public static TStore Create<TStore>(TimeProvider time, ReferenceTable table)
        where TStore : ReferenceStore => (TStore)Activator.CreateInstance(typeof(TStore), time, table)!;
}
