using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Sqlite;
using Sessions.Stores;

namespace Sessions.Tests.Sqlite;

public sealed class UnreadableRecordTests : SqliteFixture
{
    private static readonly string[] Damages =
    [
        "format = 99",
        "id = 'short'",
        "value_map = '{'",
        "value_map = 'null'",
        "value_map = '{\"key\":7}'",
        "value_map = '{\"a\":\"1\",\"a\":\"2\"}'",
        "value_map = '{\"a\":\"\\ud800\"}'",
        "secret_hash = x'00'",
        "last_client_ip = 'localhost'",
        "client_device = 9000000000000000000",
        "ends_at = 9000000000000000000",
        "authentication_method = char(0)",
    ];

    [TestCaseSource(nameof(Damages))]
    public async Task A_record_that_cannot_be_read_counts_as_signed_out_and_the_log_says_so(string damage)
    {
        var log = new WarningLog();
        await using var store = Database.Open(Clock, log: log);
        var (broken, sound) = (await CreateAsync(), await CreateAsync());
        var limit = new SessionLimit(2, SessionLimitPolicy.Refuse);
        Database.Execute($"UPDATE sessions SET {damage} WHERE id = '{broken.Id}'");

        Assert.That(await store.FetchAsync(broken.Id, Token), Is.Null);
        Assert.That(await store.FetchAllAsync("ann", Token), Is.EqualTo([sound]));
        Assert.That(await store.UpdateAsync(broken.Id, new(), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await store.DeleteAllAsync("ann", broken.Id, Token), Is.Null);
        Assert.That(await store.CreateAsync(Samples.Create(), limit, Token), Is.Empty);
        Assert.That(log.Warnings, Is.Not.Empty.And.All.StartsWith("Session ").And.All.EndsWith("cannot be read and counts as signed out."));
        Assert.That(await store.DeleteAllAsync("ann", null, Token), Has.Count.EqualTo(2));
        Assert.That(Database.Query<long>("SELECT count(*) FROM sessions"), Is.Zero);
    }

    private sealed class WarningLog : ILogger<SqliteSessionStore>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel == LogLevel.Warning && exception is not null)
            {
                lock (Warnings)
                {
                    Warnings.Add(formatter(state, exception));
                }
            }
        }
    }
}
