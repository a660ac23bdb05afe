namespace Sessions.Bench.Places;

/// <summary>A store that the library comes with.</summary>
/// <param name="Name">In the report.</param>
/// <param name="OpenAsync">Makes an empty place for it; null: it cannot be had here.</param>
/// <param name="Missing">Why there is no place, when there is none.</param>
internal sealed record StoreKind(string Name, Func<Task<BenchmarkStore?>> OpenAsync, string Missing)
{
    public static StoreKind Memory { get; } = new("Memory", static () => Task.FromResult<BenchmarkStore?>(new MemoryBenchmarkStore()), "");

    public static StoreKind Redis { get; } = new("Redis", RedisBenchmarkStore.OpenAsync, "redis-server is not installed");

    public static StoreKind Postgres { get; } = new("PostgreSQL", PostgresBenchmarkStore.OpenAsync, "PostgreSQL is not installed");

    public static StoreKind Sqlite { get; } = new("SQLite", static () => Task.FromResult<BenchmarkStore?>(new SqliteBenchmarkStore()), "");

    public static StoreKind LiteDb { get; } = new("LiteDB", static () => Task.FromResult<BenchmarkStore?>(new LiteDbBenchmarkStore()), "");

    public static IReadOnlyList<StoreKind> All { get; } = [Memory, Redis, Postgres, Sqlite, LiteDb];
}
