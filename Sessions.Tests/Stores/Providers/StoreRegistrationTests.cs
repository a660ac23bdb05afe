using LiteDB;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Memory;
using Sessions.Postgres;
using Sessions.Redis;
using Sessions.Sqlite;
using Sessions.Stores;

namespace Sessions.Tests.Stores.Providers;

/// <summary>
/// Every <c>UseX</c> has one shape: the last one wins and nothing of an earlier one stays, what cannot work stops the host, and the
/// container disposes the store.
/// </summary>
public sealed class StoreRegistrationTests
{
    private static readonly DirectoryInfo s_folder = Directory.CreateTempSubdirectory("sessions-registration-");

    private static IEnumerable<TestCaseData<Action<SessionUpBuilder>>> Unusable =>
        [
            Use("Memory", static builder => builder.UseMemory(options => options.MaxSessions = 0)),
            Use("Redis", static builder => builder.UseRedis("nowhere,setting=no")),
            Use("Redis without a connection", static builder => builder.UseRedis(options => options.Configuration = "")),
            Use("PostgreSQL", static builder => builder.UsePostgres(static _ => { })),
            Use("SQLite", static builder => builder.UseSqlite("Data Source=:memory:")),
            Use("LiteDB", static builder => builder.UseLiteDb("/no/such/folder/sessions.litedb")),
        ];

    private static IEnumerable<TestCaseData<Action<SessionUpBuilder>>> Usable =>
        [
            Use("Memory", static builder => builder.UseMemory()),
            Use("Redis", static builder => builder.UseRedis("localhost:1,abortConnect=false")),
            Use("PostgreSQL", static builder => builder.UsePostgres("Host=localhost;Port=1")),
            Use("SQLite", static builder => builder.UseSqlite($"Data Source={Path.Combine(s_folder.FullName, "sessions.db")}")),
            Use("LiteDB", static builder => builder.UseLiteDb(Path.Combine(s_folder.FullName, "sessions.litedb"))),
        ];

    [OneTimeTearDown]
    public void DeleteFolder() => s_folder.Delete(recursive: true);

    [TestCaseSource(nameof(Unusable))]
    public void Options_that_cannot_work_stop_the_host(Action<SessionUpBuilder> use)
    {
        using var host = CreateHost(use);

        Assert.That(() => host.StartAsync(), Throws.TypeOf<SessionConfigurationException>());
    }

    [TestCaseSource(nameof(Unusable))]
    public async Task Of_a_store_that_another_one_replaced_nothing_is_checked(Action<SessionUpBuilder> use)
    {
        using var host = CreateHost(builder =>
        {
            use(builder);
            builder.UseMemory();
        });

        await host.StartAsync();

        Assert.That(host.Services.GetServices<ISessionStore>(), Has.All.InstanceOf<MemorySessionStore>().And.Exactly(1).Items);
        await host.StopAsync();
    }

    [TestCaseSource(nameof(Usable))]
    public void A_container_may_be_disposed_synchronously(Action<SessionUpBuilder> use)
    {
        using var host = CreateHost(use);

        Assert.That(host.Services.GetRequiredService<ISessionStore>(), Is.Not.Null);
    }

    [TestCaseSource(nameof(Usable))]
    public void A_store_is_made_once_for_each_name(Action<SessionUpBuilder> use)
    {
        using var host = CreateHost(use, "admin");

        var store = host.Services.GetRequiredKeyedService<ISessionStore>("admin");

        Assert.That(host.Services.GetRequiredKeyedService<ISessionStore>("admin"), Is.SameAs(store));
    }

    [Test]
    public void Nothing_of_an_earlier_call_shows_through_a_later_one()
    {
        using var host = CreateHost(static builder =>
            builder
                .UseMemory(options => options.MaxSessions = 5)
                .UseMemory()
                .UseRedis(options => (options.Configuration, options.KeyPrefix) = ("first", "mine:"))
                .UseRedis(options => options.Configuration = "second")
                .UsePostgres(options => (options.ConnectionString, options.Schema, options.Unlogged) = ("Host=first", "mine", true))
                .UsePostgres("Host=second")
                .UseSqlite(options => (options.Table, options.BusyTimeout) = ("mine", TimeSpan.FromMinutes(1)))
                .UseSqlite("Data Source=second.db")
                .UseLiteDb(options => (options.Path, options.Collection) = ("first.litedb", "mine"))
                .UseLiteDb("second.litedb")
        );

        // Of the last store alone there are options, and of all others only what a new object has.
        Assert.That(Get<MemorySessionOptions>(host).MaxSessions, Is.Null);
        Assert.That(Get<RedisSessionOptions>(host).Configuration, Is.Null);
        Assert.That(Get<PostgresSessionOptions>(host).ConnectionString, Is.Null);
        Assert.That(Get<SqliteSessionOptions>(host).ConnectionString, Is.Empty);
        Assert.That(
            (Get<LiteDbSessionOptions>(host).Path, Get<LiteDbSessionOptions>(host).Collection),
            Is.EqualTo(("second.litedb", "sessions"))
        );
    }

    [Test]
    public void What_the_application_configures_itself_counts_before_and_after_a_store_is_replaced()
    {
        using var host = CreateHost(static builder =>
        {
            builder.Services.Configure<RedisSessionOptions>(options => options.KeyPrefix = "mine:");
            builder.UseRedis("first").UseMemory().UseRedis("second");
        });

        var options = Get<RedisSessionOptions>(host);

        Assert.That((options.Configuration, options.KeyPrefix), Is.EqualTo(("second", "mine:")));
    }

    [TestCase("", "sessions:", "sessions", "sessions", "sessions")]
    [TestCase("admin", "sessions:admin:", "sessions_admin", "sessions_admin", "sessions_admin")]
    public void What_is_kept_apart_carries_the_name(string name, string prefix, string postgres, string sqlite, string collection)
    {
        Assert.That(Default<RedisSessionOptions>(static builder => builder.UseRedis("localhost")).KeyPrefix, Is.EqualTo(prefix));
        Assert.That(Default<PostgresSessionOptions>(static builder => builder.UsePostgres("Host=x")).Table, Is.EqualTo(postgres));
        Assert.That(Default<SqliteSessionOptions>(static builder => builder.UseSqlite("Data Source=x")).Table, Is.EqualTo(sqlite));
        Assert.That(Default<LiteDbSessionOptions>(static builder => builder.UseLiteDb("x")).Collection, Is.EqualTo(collection));

        T Default<T>(Func<SessionUpBuilder, SessionUpBuilder> use)
        {
            using var host = CreateHost(builder => use(builder), name);
            return Get<T>(host, name);
        }
    }

    [Test]
    public void A_shard_key_of_the_sessions_is_the_one_of_their_store()
    {
        byte[] key = [.. Enumerable.Range(1, 16).Select(static i => (byte)i)];
        using var host = CreateHost(static builder => builder.UseRedis("localhost"), configure: options => options.ShardKey = key);

        Assert.That(Get<RedisSessionOptions>(host).ShardKey, Is.EqualTo(key));
    }

    [Test]
    public void A_database_of_the_application_excludes_a_path() =>
        Assert.That(
            static () => new LiteDbSessionStore(new() { Path = "x.litedb", Database = new LiteDatabase(new MemoryStream()) }),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("leave one of them out")
        );

    private static T Get<T>(IHost host, string name = "") => host.Services.GetRequiredService<IOptionsMonitor<T>>().Get(name);

    private static IHost CreateHost(Action<SessionUpBuilder> use, string name = "", Action<SessionUpOptions>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        use(builder.Services.AddSessionUp(name, configure));
        return builder.Build();
    }

    private static TestCaseData<Action<SessionUpBuilder>> Use(string name, Action<SessionUpBuilder> use) =>
        new TestCaseData<Action<SessionUpBuilder>>(use).SetArgDisplayNames(name);
}
