using LiteDB;
using NUnit.Framework;
using Sessions.LiteDb;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.LiteDb;

/// <summary>The file of the store, and who may hold it.</summary>
public sealed class LiteDbFileTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private LiteDbTestFolder _folder = null!;

    private string Log => Path.ChangeExtension(_folder.File, null) + "-log.litedb";

    [SetUp]
    public void CreateFolder() => _folder = new LiteDbTestFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [Test]
    public async Task Sessions_survive_the_store()
    {
        var session = _samples.CreateFull();
        await using (var store = _folder.Open())
        {
            await store.CreateAsync(session, null, Token);
        }

        await using var reopened = _folder.Open();

        Assert.That(await reopened.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task A_file_that_another_store_holds_is_refused_until_it_is_let_go()
    {
        var session = _samples.Create();
        await using var second = _folder.Open();
        await using (var first = _folder.Open())
        {
            await first.CreateAsync(session, null, Token);

            await Assert.ThatAsync(
                async () => await second.FetchSessionAsync(session.Id, Token),
                Throws.InstanceOf<SessionStoreException>().With.InnerException.InstanceOf<IOException>()
            );
        }

        Assert.That(await second.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
    }

    [Test]
    public async Task Two_databases_opened_as_shared_lose_nothing_of_each_other()
    {
        using var first = OpenShared();
        using var second = OpenShared();
        await using var store = new LiteDbSessionStore(new() { Database = first });
        await using var other = new LiteDbSessionStore(new() { Database = second });

        await PatchConcurrentlyAsync(store, other, patches: 20);
    }

    [Test]
    public async Task Two_stores_in_one_database_lose_nothing_of_each_other()
    {
        using var database = new LiteDatabase(_folder.File);
        await using var store = new LiteDbSessionStore(new() { Database = database });
        await using var other = new LiteDbSessionStore(new() { Database = database });

        await PatchConcurrentlyAsync(store, other, patches: 200);
    }

    [Test]
    public async Task A_deletion_does_not_wait_in_the_log()
    {
        await using var store = _folder.Open();
        var session = _samples.Create();
        await store.CreateAsync(session, null, Token);
        Assert.That(new FileInfo(Log).Length, Is.Positive, "Without a log this test shows nothing.");

        await store.DeleteAsync(session.Id, Token);

        Assert.That(new FileInfo(Log).Length, Is.Zero);
    }

    [Test]
    public async Task A_replaced_secret_does_not_wait_in_the_log()
    {
        await using var store = _folder.Open();
        var session = _samples.Create();
        await store.CreateAsync(session, null, Token);
        var rotation = new CredentialChange { Expected = session.Credential, Next = _samples.Rotate(session.Credential) };

        await store.UpdateAsync(session.Id, new SessionPatch { Credential = rotation }, Token);

        Assert.That(new FileInfo(Log).Length, Is.Zero);
    }

    [Test]
    public async Task A_file_that_is_no_database_is_a_failure_with_its_cause()
    {
        await File.WriteAllTextAsync(_folder.File, new string('x', 10_000), Token);
        await using var store = _folder.Open();

        await Assert.ThatAsync(
            async () => await store.PrepareAsync(Token),
            Throws.InstanceOf<SessionStoreException>().With.InnerException.Not.Null
        );
    }

    [Test]
    public async Task User_keys_that_differ_in_case_are_two_users()
    {
        await using var store = _folder.Open();
        var (upper, lower) = (_samples.Create("Ann"), _samples.Create("ann"));
        await store.CreateAsync(upper, null, Token);
        await store.CreateAsync(lower, null, Token);

        Assert.That(await store.FetchAllAsync("ann", Token), Is.EqualTo(new[] { lower }));
        Assert.That(await store.DeleteAllAsync("Ann", null, Token), Is.EqualTo(new[] { upper }));
        Assert.That(await store.FetchSessionAsync(lower.Id, Token), Is.EqualTo(lower));
    }

    [Test]
    public async Task A_disposed_store_says_so()
    {
        var store = _folder.Open();
        await store.DisposeAsync();
        await store.DisposeAsync();

        await Assert.ThatAsync(
            async () => await store.FetchSessionAsync(_samples.NewId(null), Token),
            Throws.InstanceOf<ObjectDisposedException>()
        );
    }

    private async Task PatchConcurrentlyAsync(LiteDbSessionStore store, LiteDbSessionStore other, int patches)
    {
        var session = _samples.Create();
        await store.CreateAsync(session, null, Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, patches)
                .Select(i =>
                    Task.Run(async () =>
                        await (i % 2 == 0 ? store : other).UpdateAsync(
                            session.Id,
                            new SessionPatch { Values = ValuesPatch.Empty.Set($"{i}", "") },
                            Token
                        )
                    )
                )
        );

        Assert.That((await store.FetchSessionAsync(session.Id, Token))!.Values, Has.Count.EqualTo(patches));
    }

    private LiteDatabase OpenShared() => new(new ConnectionString { Filename = _folder.File, Connection = ConnectionType.Shared });
}
