using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

public sealed class PostgresRegistrationTests
{
    private static IEnumerable<TestCaseData<Action<SessionUpBuilder, PostgresTestSchema>>> Registrations =>
        [
            Registration("a connection string", static (builder, schema) => builder.UsePostgres(schema.ConnectionString)),
            Registration("a data source", static (builder, schema) => builder.UsePostgres(schema.DataSource)),
            Registration(
                "the application's data source",
                static (builder, schema) =>
                {
                    // By a factory the container would dispose it; this one is the test's.
                    builder.Services.AddSingleton(schema.DataSource);
                    builder.UsePostgres();
                }
            ),
            Registration(
                "options",
                static (builder, schema) => builder.UsePostgres(options => options.ConnectionString = schema.ConnectionString)
            ),
            Registration(
                "whatever was said last",
                static (builder, schema) => builder.UsePostgres("Host=nowhere").UseMemory().UsePostgres(schema.DataSource)
            ),
        ];

    [TestCaseSource(nameof(Registrations))]
    public async Task Sessions_are_kept_in_the_database_of(Action<SessionUpBuilder, PostgresTestSchema> use)
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        use(builder.Services.AddSessionUp(), schema);
        builder.Services.Configure<PostgresSessionOptions>(options => options.Schema = schema.Name);
        var session = new SampleSessions(TimeProvider.System, SeededRandom.Create()).CreateFull();
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<ISessionStore>().CreateAsync(session, null, CancellationToken.None);
            await host.StopAsync();
        }

        Assert.That(await schema.ReadAsync<string>($"SELECT id FROM {schema.Table}"), Is.EqualTo(session.Id.ToString()));
    }

    [Test]
    public async Task Sessions_of_another_name_have_a_table_of_that_name()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSessionUp("Back-Office").UsePostgres(schema.DataSource);
        builder.Services.Configure<PostgresSessionOptions>("Back-Office", options => options.Schema = schema.Name);
        using var host = builder.Build();

        await host.StartAsync();

        Assert.That(await schema.ReadAsync<long>($"SELECT count(*) FROM {schema.QuotedName}.\"sessions_Back-Office\""), Is.Zero);
        await host.StopAsync();
    }

    [Test]
    public async Task A_data_source_of_the_application_is_left_open()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();

        await using (var store = new PostgresSessionStore(new() { DataSource = schema.DataSource, Schema = schema.Name }))
        {
            await store.PrepareAsync(CancellationToken.None);
        }

        Assert.That(await schema.ReadAsync<int>("SELECT 1"), Is.EqualTo(1));
    }

    [TestCase("{0}")]
    [TestCase("{0},{0}")]
    [CancelAfter(60_000)]
    public async Task Connections_of_the_store_itself_are_closed_with_it(string hosts)
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        var settings = new NpgsqlConnectionStringBuilder(schema.ConnectionString) { ApplicationName = schema.Name };
        settings.Host = string.Format(CultureInfo.InvariantCulture, hosts, $"{settings.Host}:{settings.Port}");
        var open = $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{schema.Name}'";

        await using (var store = new PostgresSessionStore(new() { ConnectionString = settings.ConnectionString, Schema = schema.Name }))
        {
            await store.PrepareAsync(CancellationToken.None);
            Assert.That(await schema.ReadAsync<long>(open), Is.EqualTo(1));
        }

        // The server notices a little later.
        while (await schema.ReadAsync<long>(open) != 0)
        {
            Assert.That(TestContext.CurrentContext.CancellationToken.IsCancellationRequested, Is.False, "A connection is still open.");
        }
    }

    [Test]
    public async Task A_store_that_is_disposed_says_so()
    {
        await using var schema = await PostgresTestSchema.CreateAsync();
        var store = new PostgresSessionStore(schema.Options);
        await store.PrepareAsync(CancellationToken.None);

        await store.DisposeAsync();

        Assert.That(() => store.FetchAllAsync("ann", CancellationToken.None).AsTask(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Without_a_data_source_among_the_services_the_host_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSessionUp().UsePostgres();
        using var host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("NpgsqlDataSource"));
    }

    [TestCase(null, "public", "sessions", "either ConnectionString or DataSource")]
    [TestCase("Host=nowhere", "", "sessions", "Schema is not a name")]
    [TestCase("Host=nowhere", "a\0b", "sessions", "Schema is not a name")]
    [TestCase("Host=nowhere", "public", "", "Table is not a name")]
    [TestCase("Host=nowhere", "public", "äääääääääääääääääääääääääää", "Table is not a name")]
    public void Options_that_cannot_be_stop_the_host_with_a_sentence(string? connectionString, string schema, string table, string sentence)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder
            .Services.AddSessionUp()
            .UsePostgres(options => (options.ConnectionString, options.Schema, options.Table) = (connectionString, schema, table));
        using var host = builder.Build();

        Assert.That(() => host.StartAsync(), Throws.TypeOf<SessionConfigurationException>().With.Message.Contains(sentence));
    }

    private static TestCaseData<Action<SessionUpBuilder, PostgresTestSchema>> Registration(
        string name,
        Action<SessionUpBuilder, PostgresTestSchema> use
    ) => new TestCaseData<Action<SessionUpBuilder, PostgresTestSchema>>(use).SetArgDisplayNames(name);
}
