namespace Sessions.LoadTest.Contenders;

/// <summary>express-session with connect-redis on Node.js, see Express/server.js.</summary>
internal static class ExpressContender
{
    public static Contender Value { get; } = new("express", "express-session, connect-redis", Database.Redis, Configure: null, Map: null);
}
