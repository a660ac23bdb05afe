using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Sqlite;

internal sealed class SqliteCorruptRecordTests : SweptCorruptRecordTests<SqliteCorruptRecordBackend>;

internal sealed class SqliteCorruptRecordBackend : CorruptRecordBackend
{
    private const string OfAnotherId = "id = 'short'";

    private readonly Lazy<SqliteTestDatabase> _database = new();

    public override IReadOnlyList<string> Damages =>
        [
            "record = x'63'",
            OfAnotherId,
            "record = x''",
            "record = CAST(x'63' || substr(record, 2) AS BLOB)",
            "record = substr(record, 1, 100)",
            "record = CAST(record || x'09' AS BLOB)",
            "last_seen_at = 9000000000000000000",
            "expires_at = 9000000000000000000",
        ];

    public override ValueTask<ISessionStore> CreateStoreAsync(TimeProvider time, CorruptRecordReporter reporter) =>
        new(_database.Value.Open(time, unreadable: reporter));

    public override ValueTask DamageAsync(Session session, string damage)
    {
        _database.Value.Damage(session.Id, damage);
        return ValueTask.CompletedTask;
    }

    public override ValueTask<long> CountRecordsAsync() => new(_database.Value.Query<long>("SELECT count(*) FROM sessions"));

    public override string NameOf(Session session, string damage) => damage == OfAnotherId ? "short" : base.NameOf(session, damage);

    public override bool HidesId(string damage) => damage == OfAnotherId;

    public override ValueTask DisposeAsync()
    {
        _database.Value.Remove();
        return ValueTask.CompletedTask;
    }
}
