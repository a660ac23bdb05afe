namespace Sessions.LoadTest.Contenders;

internal static partial class OurContenders
{
    static partial void AddLiteDb(List<Store> stores) =>
        stores.Add(new("litedb", "LiteDB", Database.File, static (sessions, _) => sessions.UseLiteDb("sessions.litedb")));
}
