using Dapper;
using NUnit.Framework;

namespace Sessions.Tests.Sqlite;

public sealed class SqlitePageTests : SqliteTestBase
{
    [Test]
    public async Task A_page_begins_where_the_index_says_and_sorts_nothing()
    {
        await CreateAsync();
        using var connection = Database.Connect();

        var plan = connection.Query<(int, int, int, string Detail)>(
            $"EXPLAIN QUERY PLAN {Store.Statements.Page}",
            new { after = $"{Samples.NewId("ann")}", limit = 100 }
        );

        Assert.That(
            plan.Select(static step => step.Detail),
            Is.EqualTo(["SEARCH sessions USING INDEX sqlite_autoindex_sessions_1 (id>?)"])
        );
    }

    [TestCase("")]
    [TestCase("!")]
    [TestCase("~ no id")]
    public async Task A_record_with_an_invalid_id_does_not_stop_the_pages(string id)
    {
        var (broken, one, two) = (await CreateAsync(), await CreateAsync(), await CreateAsync());
        Database.Execute($"UPDATE sessions SET id = '{id}' WHERE id = '{broken.Id}'");

        var walked = new List<Session>();
        string? continuation = null;
        do
        {
            var page = await Store.FetchPageAsync(continuation, 1, Token);
            walked.AddRange(page!.Sessions);
            continuation = page.Continuation;
        } while (continuation is not null);

        Assert.That(walked, Is.EqualTo(new[] { one, two }.OrderBy(static session => session.Id)));
    }
}
