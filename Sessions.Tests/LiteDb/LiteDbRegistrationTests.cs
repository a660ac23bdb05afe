using LiteDB;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

/// <summary>What <c>UseLiteDb</c> sets up, and who disposes what.</summary>
public sealed class LiteDbRegistrationTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private LiteDbTestFolder _folder = null!;

    [SetUp]
    public void CreateFolder() => _folder = new LiteDbTestFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    public async Task A_file_that_the_store_opened_is_closed_with_the_application()
    {
        await using (var services = Services(builder => builder.UseLiteDb(_folder.File)))
        {
            await services.GetRequiredService<ISessionStore>().CreateAsync(_samples.Create(), null, Token);
        }

        using var database = new LiteDatabase(_folder.File);
        Assert.That(database.GetCollection("sessions").Count(), Is.EqualTo(1));
        await Assert.ThatAsync(async () => await File.OpenWrite(_folder.File + ".lock").DisposeAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_database_of_the_application_is_left_open()
    {
        using var database = new LiteDatabase(_folder.File);
        await using (var services = Services(builder => builder.UseLiteDb(_ => database)))
        {
            await services.GetRequiredService<ISessionStore>().CreateAsync(_samples.Create(), null, Token);
        }

        Assert.That(database.GetCollection("sessions").Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Sessions_of_another_name_have_a_collection_of_their_own()
    {
        using var database = new LiteDatabase(new MemoryStream());
        await using var services = Services(builder => builder.UseLiteDb(_ => database), other => other.UseLiteDb(_ => database));
        var session = _samples.Create();
        await services.GetRequiredKeyedService<ISessionStore>("admin").CreateAsync(session, null, Token);

        Assert.That(await services.GetRequiredService<ISessionStore>().FetchSessionAsync(session.Id, Token), Is.Null);
        Assert.That(database.GetCollection("sessions_admin").Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_inside_a_transaction_of_the_application_is_no_part_of_it()
    {
        using var database = new LiteDatabase(_folder.File);
        await using var services = Services(builder => builder.UseLiteDb(_ => database));
        var store = services.GetRequiredService<ISessionStore>();
        await store.FetchAllAsync("ann", Token);
        var session = _samples.Create();
        Task created;
        database.BeginTrans();
        try
        {
            database.GetCollection("orders").Insert(new BsonDocument());
            created = store.CreateAsync(session, null, Token).AsTask();
            Assert.That(created.Wait(TimeSpan.FromSeconds(30), Token), "The transaction of the application is in the way.");
        }
        finally
        {
            database.Rollback();
        }

        Assert.That(await store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        Assert.That(database.GetCollection("orders").Count(), Is.Zero);
    }

    [Test]
    public async Task The_last_call_under_a_name_wins()
    {
        using var database = new LiteDatabase(new MemoryStream());
        await using var services = Services(builder => builder.UseLiteDb(_folder.File).UseLiteDb(_ => database));

        await services.GetRequiredService<ISessionStore>().CreateAsync(_samples.Create(), null, Token);

        Assert.That(File.Exists(_folder.File), Is.False);
    }

    [TestCase("", "sessions", "names no file")]
    [TestCase("/", "sessions", "is a folder")]
    [TestCase("/no/such/folder/sessions.litedb", "sessions", "does not exist")]
    [TestCase("sessions.litedb", "a-b", "Collection is")]
    [TestCase("sessions.litedb", "", "Collection is")]
    public void A_wrong_option_throws_when_the_store_is_created(string path, string collection, string complaint)
    {
        using var services = Services(builder => builder.UseLiteDb(options => (options.Path, options.Collection) = (path, collection)));

        Assert.That(() => services.GetRequiredService<ISessionStore>(), Throws.Exception.With.Message.Contains(complaint));
    }

    private static ServiceProvider Services(Action<SessionUpBuilder> use, Action<SessionUpBuilder>? useForAdmin = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        use(services.AddSessionUp());
        useForAdmin?.Invoke(services.AddSessionUp("admin"));
        return services.BuildServiceProvider();
    }
}
