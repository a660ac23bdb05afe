using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteSchemaTests : SqliteTestBase
{
    [Test]
    public async Task Ten_nodes_that_start_together_create_the_schema_once()
    {
        var nodes = Enumerable.Range(0, 10).Select(_ => OpenStore()).ToList();
        using var together = new Barrier(nodes.Count);

        await Task.WhenAll(
            nodes.Select(node =>
                Task.Factory.StartNew(
                        async () =>
                        {
                            together.SignalAndWait(Token);
                            await node.PrepareAsync(Token);
                        },
                        Token,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                    .Unwrap()
            )
        );

        Assert.That(
            Database.Query<string>("SELECT group_concat(table_name || ' ' || version) FROM session_schema"),
            Is.EqualTo("sessions 1")
        );
        Assert.That(Database.Query<string>("PRAGMA journal_mode"), Is.EqualTo("wal"));
    }

    [Test]
    public async Task The_first_call_creates_the_schema_when_the_start_did_not()
    {
        Assert.That(await Store.FetchSessionAsync(Samples.NewId("ann"), Token), Is.Null);
    }

    [Test]
    public async Task The_schema_is_kept_when_it_is_there()
    {
        var session = await CreateAsync();

        await OpenStore().PrepareAsync(Token);

        Assert.That(await OpenStore().FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task A_schema_of_a_newer_version_is_refused()
    {
        await Store.PrepareAsync(Token);
        Database.Execute("UPDATE session_schema SET version = 99");

        Assert.That(
            async () => await OpenStore().PrepareAsync(Token),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("99").And.Message.Contains("Update the package")
        );
    }

    [Test]
    public async Task A_schema_of_a_newer_version_is_a_failure_to_a_call_that_meets_it()
    {
        await Store.PrepareAsync(Token);
        Database.Execute("UPDATE session_schema SET version = 99");
        var store = OpenStore();

        Assert.That(
            async () => await store.FetchSessionAsync(Samples.NewId("ann"), Token),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<SessionConfigurationException>()
        );
        Assert.That(
            async () => await store.DeleteAsync(Samples.NewId("ann"), Token),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<SessionConfigurationException>()
        );
    }

    [Test]
    public async Task Names_share_a_file_and_nothing_else()
    {
        var admins = OpenStore(options => options.Table = "sessions_admin");
        var session = await CreateAsync();

        Assert.That(await admins.FetchAllAsync("ann", Token), Is.Empty);
        Assert.That(await admins.DeleteAllAsync("ann", null, Token), Is.Empty);
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task A_table_of_another_application_is_refused()
    {
        await Store.PrepareAsync(Token);

        Assert.That(
            async () => await OpenStore(options => options.Table = "Sessions").PrepareAsync(Token),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("Set Table")
        );
    }

    [Test]
    public async Task An_application_keeps_its_own_tables_and_its_user_version()
    {
        Database.Execute("CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (7); PRAGMA user_version = 42");

        await CreateAsync();

        Assert.That(Database.Query<long>("SELECT id FROM orders"), Is.EqualTo(7));
        Assert.That(Database.Query<long>("PRAGMA user_version"), Is.EqualTo(42));
    }

    [Test]
    public async Task A_table_may_have_any_plain_name()
    {
        var store = OpenStore(options => options.Table = "our sessions; -- Söhne's");
        var session = Samples.CreateFull();

        await store.CreateAsync(session, null, Token);

        Assert.That(await store.DeleteAllAsync("ann", null, Token), Is.EqualTo([session]));
    }
}
