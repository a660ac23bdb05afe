using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteCorruptRecordTests : SqliteTestBase
{
    private static readonly string[] Damages =
    [
        "id = 'short'",
        "record = x''",
        "record = CAST(x'63' || substr(record, 2) AS BLOB)",
        "record = substr(record, 1, 100)",
        "record = CAST(record || x'09' AS BLOB)",
        "last_seen_at = 9000000000000000000",
        "expires_at = 9000000000000000000",
    ];

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_is_reported(string damage)
    {
        var reported = new CorruptRecordLog();
        await using var store = Database.Open(Clock, unreadable: reported.Reporter);
        var (broken, sound) = (await CreateAsync(), await CreateAsync());
        var limit = new SessionLimit { Max = 2, Policy = SessionLimitPolicy.Refuse };
        Database.Execute($"UPDATE sessions SET {damage} WHERE id = '{broken.Id}'");

        Assert.That(await store.FetchAsync(broken.Id, Token), Is.Null);
        Assert.That(await store.FetchAllAsync("ann", Token), Is.EqualTo([sound]));
        var told = await reported.NextAsync(Token);
        Assert.That(told.Record, Is.AnyOf($"{broken.Id}", "short"));
        Assert.That(told.Exception, Is.InstanceOf<FormatException>());
        Assert.That(await store.UpdateAsync(broken.Id, new(), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await store.DeleteAllAsync("ann", broken.Id, Token), Is.Null);
        Assert.That(await store.CreateAsync(Samples.Create(), limit, Token), Is.Empty);
        Assert.That(
            reported.Warnings,
            Is.Not.Empty.And.All.StartsWith("Session ").And.All.EndsWith("cannot be read and counts as signed out.")
        );
        Assert.That(await store.DeleteAllAsync("ann", null, Token), Has.Count.EqualTo(2));
        Assert.That(Database.Query<long>("SELECT count(*) FROM sessions"), Is.Zero);
    }

    [Test]
    public async Task A_sweep_deletes_what_cannot_be_read_and_goes_on_until_it_has_as_many_others_as_it_may()
    {
        var sessions = new List<Session>();
        for (var i = 0; i < 9; i++)
        {
            sessions.Add(await CreateAsync());
        }

        var broken = sessions[..5];
        Database.Execute(
            $"UPDATE sessions SET record = x'63' WHERE id IN ({string.Join(", ", broken.Select(session => $"'{session.Id}'"))})"
        );
        Clock.UtcNow = sessions[^1].ExpiresAt + ClockTolerance.Deletion;

        Assert.That(await Store.DeleteExpiredAsync(2, Token), Is.SubsetOf(sessions[5..]).And.Count.EqualTo(2));
        Assert.That(await Store.DeleteExpiredAsync(3, Token), Is.SubsetOf(sessions[5..]).And.Count.EqualTo(2));
        Assert.That(Database.Query<long>("SELECT count(*) FROM sessions"), Is.Zero);
    }
}
