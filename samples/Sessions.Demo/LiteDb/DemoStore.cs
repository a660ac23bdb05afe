namespace Sessions.Demo;

internal sealed partial record DemoStore
{
    static partial void AddLiteDb(List<DemoStore> stores) =>
        stores.Add(
            new(
                "litedb",
                Path.Combine(AppContext.BaseDirectory, "sessions.litedb"),
                static (sessions, connection) => sessions.UseLiteDb(connection)
            )
        );
}
