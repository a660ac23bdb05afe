using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteRegistrationTests : SqliteTestBase
{
    [Test]
    public async Task Each_name_has_a_table_that_carries_it()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSessionUp().UseSqlite(Database.ConnectionString);
        services.AddSessionUp("admin").UseSqlite(Database.ConnectionString);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ISessionStore>().CreateAsync(Samples.Create("ann"), null, Token);
        await provider.GetRequiredKeyedService<ISessionStore>("admin").CreateAsync(Samples.Create("root"), null, Token);

        Assert.That(Database.Query<string>("SELECT group_concat(user_key) FROM sessions"), Is.EqualTo("ann"));
        Assert.That(Database.Query<string>("SELECT group_concat(user_key) FROM sessions_admin"), Is.EqualTo("root"));
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_reported_under_the_name_of_its_sessions()
    {
        var told = Channel.CreateUnbounded<CorruptRecordContext>();
        var services = new ServiceCollection().AddLogging();
        services
            .AddSessionUp("admin", o => o.Events.OnCorruptRecord += e => told.Writer.WriteAsync(e))
            .UseSqlite(Database.ConnectionString);
        await using var provider = services.BuildServiceProvider();
        var store = provider.GetRequiredKeyedService<ISessionStore>("admin");
        var session = Samples.Create();
        await store.CreateAsync(session, null, Token);
        Database.Execute("UPDATE sessions_admin SET record = x''");

        await store.FetchSessionAsync(session.Id, Token);

        var e = await told.Reader.ReadAsync(Token);
        Assert.That((e.Name, e.Record), Is.EqualTo(("admin", session.Id.ToString())));
    }

    [Test]
    public async Task The_container_closes_the_file()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSessionUp().UseSqlite(Database.ConnectionString);
        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<ISessionStore>().CreateAsync(Samples.Create(), null, Token);
        }

        Assert.That(Directory.GetFiles(Database.Folder), Is.EqualTo([Database.File]));
    }

    [TestCase("", "names no file")]
    [TestCase("sessions.db", "Data Source=sessions.db")]
    [TestCase("Data Source=:memory:", "UseMemory")]
    [TestCase("Data Source=file::memory:?cache=shared", "UseMemory")]
    [TestCase("Data Source=file:x?mode=memory", "UseMemory")]
    [TestCase("Data Source=x;Mode=Memory;Cache=Shared", "UseMemory")]
    [TestCase("Data Source=x.db;Cache=Shared", "leave Cache out")]
    [TestCase("Data Source=x.db;Mode=ReadOnly", "leave Mode out")]
    [TestCase("Data Source=/no/such/folder/x.db", "\"/no/such/folder\"")]
    public void A_connection_string_that_cannot_work_is_refused_when_the_store_is_made(string connectionString, string advice) =>
        Assert.That(
            () => StartWith(options => options.ConnectionString = connectionString),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains(advice)
        );

    [TestCase("")]
    [TestCase("a\"b")]
    [TestCase("SQLite_x")]
    public void A_table_that_cannot_be_made_is_refused_when_the_store_is_made(string table) =>
        Assert.That(
            () => StartWith(options => options.Table = table),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("Table")
        );

    [TestCase(0)]
    [TestCase(601)]
    public void A_busy_timeout_out_of_range_is_refused_when_the_store_is_made(int seconds) =>
        Assert.That(
            () => StartWith(options => options.BusyTimeout = TimeSpan.FromSeconds(seconds)),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("BusyTimeout")
        );

    [Test]
    public void A_store_made_by_hand_checks_its_options_too() =>
        Assert.That(
            () => new SqliteSessionStore(new SqliteSessionOptions()),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("Data Source=sessions.db")
        );

    private void StartWith(Action<SqliteSessionOptions> configure)
    {
        var services = new ServiceCollection().AddLogging();
        services
            .AddSessionUp("admin")
            .UseSqlite(options =>
            {
                options.ConnectionString = Database.ConnectionString;
                configure(options);
            });
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredKeyedService<ISessionStore>("admin");
    }
}
