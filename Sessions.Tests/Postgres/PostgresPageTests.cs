using System.Text.Json;
using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

public sealed class PostgresPageTests
{
    private const int Rows = 20_000;
    private const int Limit = 100;

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private PostgresTestSchema _schema = null!;
    private PostgresSessionStore _store = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _store = new PostgresSessionStore(_schema.Options);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _store.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Test]
    public async Task The_last_page_costs_what_the_first_one_does()
    {
        await FillAsync();
        var beforeLast = await _schema.ReadAsync<string>($"SELECT id FROM {_schema.Table} ORDER BY id OFFSET {Rows - Limit - 1} LIMIT 1");
        await using var connection = await _schema.DataSource.OpenConnectionAsync();
        await RunAsync(connection, $"PREPARE page (text, int) AS {_store.PageSql}");

        // Often enough that the server would take a plan for any continuation, if it liked that one better.
        for (var i = 0; i < 8; i++)
        {
            var (first, last) = (await ExplainAsync(connection, ""), await ExplainAsync(connection, beforeLast));

            Assert.That(first.Nodes, Is.EqualTo(["Limit", "Index Scan"]));
            // Where the index says that no more than a page is left, the server may take all of that at once and sort it.
            Assert.That(last.Nodes, Has.None.EqualTo("Seq Scan"));
            Assert.That((first.Rows, last.Rows), Is.EqualTo((Limit, Limit)));
            // Each row may be in a block of its own; beside them, the way down the index.
            Assert.That(first.Blocks, Is.LessThanOrEqualTo(Limit + 10));
            Assert.That(last.Blocks, Is.LessThanOrEqualTo(Limit + 10));
        }
    }

    [TestCase("")]
    [TestCase("!")]
    [TestCase("~ no id")]
    public async Task A_row_with_an_invalid_id_does_not_stop_the_pages(string id)
    {
        var sessions = new[] { _samples.Create(), _samples.Create(), _samples.Create() };
        foreach (var session in sessions)
        {
            await _store.CreateAsync(session, null, CancellationToken.None);
        }

        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET id = '{id}' WHERE id = '{sessions[0].Id}'");

        var walked = new List<Session>();
        string? continuation = null;
        do
        {
            var page = await _store.FetchPageAsync(continuation, 1, CancellationToken.None);
            walked.AddRange(page!.Sessions);
            continuation = page.Continuation;
        } while (continuation is not null);

        Assert.That(walked, Is.EqualTo(sessions[1..].OrderBy(static session => session.Id)));
    }

    private async Task FillAsync()
    {
        await _store.CreateAsync(_samples.CreateFull(), null, CancellationToken.None);
        await _schema.ExecuteAsync(
            $"""
            INSERT INTO {_schema.Table}
            SELECT (jsonb_populate_record(session, jsonb_build_object('id', translate(left(encode(sha256(i::text::bytea), 'base64'), 24), '+/', '-_')))).*
            FROM {_schema.Table} AS session, generate_series(2, {Rows}) AS i
            """
        );
        await _schema.ExecuteAsync($"ANALYZE {_schema.Table}");
    }

    private static async Task<Plan> ExplainAsync(NpgsqlConnection connection, string after)
    {
        await using var command = new NpgsqlCommand(
            $"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE page ('{after}', {Limit})",
            connection
        );
        using var json = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        var root = json.RootElement[0].GetProperty("Plan");
        return new(
            [.. Nodes(root)],
            root.GetProperty("Actual Rows").GetDouble(),
            root.GetProperty("Shared Hit Blocks").GetInt32() + root.GetProperty("Shared Read Blocks").GetInt32()
        );
    }

    private static IEnumerable<string> Nodes(JsonElement plan) =>
        plan.TryGetProperty("Plans", out var inner)
            ? inner.EnumerateArray().SelectMany(Nodes).Prepend(plan.GetProperty("Node Type").GetString()!)
            : [plan.GetProperty("Node Type").GetString()!];

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Plan(string[] Nodes, double Rows, int Blocks);
}
