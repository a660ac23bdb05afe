using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Building;

namespace Sessions.Tests.Postgres;

public sealed class PostgresSchemaTests
{
    // What the catalog knows of a table, without its name.
    private const string Catalog = """
        SELECT string_agg(line, E'\n' ORDER BY line) FROM (
            SELECT format('%s %s %s %s', attname, format_type(atttypid, atttypmod), collname, attnotnull) AS line
            FROM pg_attribute LEFT JOIN pg_collation ON pg_collation.oid = attcollation WHERE attrelid = '{0}'::regclass AND attnum > 0
            UNION ALL
            SELECT regexp_replace(pg_get_indexdef(indexrelid), ' ON .* USING', '') FROM pg_index WHERE indrelid = '{0}'::regclass
            UNION ALL
            SELECT format('%s %s %s', reloptions, relpersistence, obj_description(oid)) FROM pg_class WHERE oid = '{0}'::regclass
        ) AS catalog
        """;

    private PostgresTestSchema _schema = null!;

    [SetUp]
    public async Task CreateAsync() => _schema = await PostgresTestSchema.CreateAsync();

    [TearDown]
    public async Task RemoveAsync() => await _schema.DisposeAsync();

    [Test]
    public async Task Ten_nodes_that_start_together_create_the_schema_once()
    {
        var nodes = Enumerable.Range(0, 10).Select(_ => new PostgresSessionStore(_schema.Options)).ToList();

        await Task.WhenAll(nodes.Select(node => Task.Run(async () => await node.PrepareAsync(CancellationToken.None))));

        Assert.That(await _schema.ReadAsync<long>($"SELECT count(*) FROM {_schema.Table}"), Is.Zero);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Test]
    public async Task The_file_for_administrators_makes_what_the_store_makes()
    {
        await PrepareAsync(_schema.Options);
        var made = await _schema.ReadAsync<string>(FormatQuery(_schema.Table));
        var file = await File.ReadAllTextAsync(Repository.PathOf("Sessions.Postgres/PostgresSchema.sql"));
        await _schema.ExecuteAsync($"DROP TABLE {_schema.TagsTable}, {_schema.Table}");

        await _schema.ExecuteAsync(file.Replace("\"public\"", _schema.QuotedName, StringComparison.Ordinal));

        Assert.That(await _schema.ReadAsync<string>(FormatQuery(_schema.Table)), Is.EqualTo(made).And.Contain("sweep_at"));
        Assert.That(() => PrepareAsync(_schema.Options), Throws.Nothing);
    }

    [Test]
    public async Task The_script_for_other_names_makes_what_the_store_makes()
    {
        var options = _schema.Options;
        options.Unlogged = true;
        options.Table = """Se"ss/* UNLOGGED */"sessions"ions""";
        await PrepareAsync(options);
        var table = $"{_schema.QuotedName}.\"Se\"\"ss/* UNLOGGED */\"\"sessions\"\"ions\"";
        var made = await _schema.ReadAsync<string>(FormatQuery(table));
        await _schema.ExecuteAsync($"DROP TABLE {table[..^1]}_tags\", {table}");

        await _schema.ExecuteAsync(PostgresSchema.GetScript(options));

        Assert.That(await _schema.ReadAsync<string>(FormatQuery(table)), Is.EqualTo(made));
    }

    [Test]
    public async Task An_unlogged_table_is_made_on_request()
    {
        var options = _schema.Options;
        options.Unlogged = true;

        await PrepareAsync(options);

        Assert.That(
            await _schema.ReadAsync<char>($"SELECT relpersistence FROM pg_class WHERE oid = '{_schema.Table}'::regclass"),
            Is.EqualTo('u')
        );
    }

    [Test]
    public async Task An_older_table_is_brought_forward_with_its_sessions()
    {
        var samples = new SampleSessions(TimeProvider.System, SeededRandom.Create());
        var session = samples.CreateFull();
        await using (var store = new PostgresSessionStore(_schema.Options))
        {
            await store.CreateAsync(session, null, CancellationToken.None);
        }

        await using var newer = new PostgresSessionStore(_schema.Options, Newer(_schema.Options), TimeProvider.System, null);
        await newer.PrepareAsync(CancellationToken.None);
        await newer.PrepareAsync(CancellationToken.None);

        Assert.That(await newer.FetchSessionAsync(session.Id, CancellationToken.None), Is.EqualTo(session));
        Assert.That(await _schema.ReadAsync<string>($"SELECT colour FROM {_schema.Table}"), Is.EqualTo("green"));
    }

    [Test]
    public async Task A_new_table_gets_every_version()
    {
        await using var newer = new PostgresSessionStore(_schema.Options, Newer(_schema.Options), TimeProvider.System, null);

        await newer.PrepareAsync(CancellationToken.None);

        Assert.That(await _schema.ReadAsync<string>(FormatQuery(_schema.Table)), Does.Contain("colour").And.Contain("schema version 2"));
    }

    [Test]
    public async Task A_table_of_a_newer_version_is_refused()
    {
        await using var newer = new PostgresSessionStore(_schema.Options, Newer(_schema.Options), TimeProvider.System, null);
        await newer.PrepareAsync(CancellationToken.None);

        Assert.That(
            () => PrepareAsync(_schema.Options),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("schema version 2").And.Message.Contains("update")
        );
    }

    [Test]
    public async Task A_table_of_another_application_is_not_changed()
    {
        await _schema.ExecuteAsync($"CREATE SCHEMA {_schema.QuotedName}");
        await _schema.ExecuteAsync($"CREATE TABLE {_schema.Table} (sid text)");

        Assert.That(
            () => PrepareAsync(_schema.Options),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("Does it belong to another program?")
        );
    }

    [TestCase("repeatable read")]
    [TestCase("serializable")]
    public void Transactions_that_keep_one_snapshot_are_refused(string isolation)
    {
        var options = _schema.Options;
        options.ConnectionString += $";Options=-c default_transaction_isolation={isolation.Replace(" ", "\\ ", StringComparison.Ordinal)}";

        Assert.That(() => PrepareAsync(options), Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("read committed"));
    }

    [Test]
    public async Task A_database_that_cannot_hold_every_text_is_refused()
    {
        var options = _schema.Options;
        await _schema.ExecuteAsync($"CREATE DATABASE {_schema.QuotedName} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
        try
        {
            options.ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString)
            {
                Database = _schema.Name,
            }.ConnectionString;

            Assert.That(() => PrepareAsync(options), Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("LATIN1"));
        }
        finally
        {
            await _schema.ExecuteAsync($"DROP DATABASE {_schema.QuotedName} WITH (FORCE)");
        }
    }

    private static PostgresSchema Newer(PostgresSessionOptions options) =>
        new(
            options,
            File.ReadAllText(Repository.PathOf("Sessions.Postgres/PostgresSchema.sql"))
                + """

                -- version 2
                ALTER TABLE "public"."sessions" ADD COLUMN colour text NOT NULL DEFAULT 'green';
                COMMENT ON TABLE "public"."sessions" IS 'Sessions.Postgres, schema version 2';
                """
        );

    private static async Task PrepareAsync(PostgresSessionOptions options)
    {
        await using var store = new PostgresSessionStore(options);
        await store.PrepareAsync(CancellationToken.None);
    }

    private static string FormatQuery(string table) => Catalog.Replace("{0}", table, StringComparison.Ordinal);
}
