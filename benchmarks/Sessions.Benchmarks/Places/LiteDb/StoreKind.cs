using Sessions.Bench.Places.LiteDb;

namespace Sessions.Bench.Places;

internal sealed partial record StoreKind
{
    static partial void OpenLiteDb(ref StorePlace? place) => place = new LiteDbPlace();
}
