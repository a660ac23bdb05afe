using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

/// <summary>The caller gives up, or his time does.</summary>
[CancelAfter(60_000)]
public sealed class PostgresCancellationTests
{
    private static readonly SessionPatch Patch = new() { Values = ValuesPatch.Empty.Set("colour", "green") };

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private PostgresTestSchema _schema = null!;
    private PostgresSessionStore _store = null!;
    private Session _session = null!;

    [SetUp]
    public async Task CreateAsync()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _store = new PostgresSessionStore(_schema.Options);
        _session = _samples.CreateFull();
        await _store.CreateAsync(_session, null, Token);
    }

    [TearDown]
    public async Task RemoveAsync()
    {
        await _store.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Test]
    public async Task A_call_cancelled_before_sends_nothing()
    {
        await using var proxy = new PostgresProxy(_schema.ConnectionString);
        await using var store = new PostgresSessionStore(new() { ConnectionString = proxy.ConnectionString, Schema = _schema.Name });
        await store.PrepareAsync(Token);
        var before = proxy.RoundTrips;

        Assert.That(
            () => store.DeleteAsync(_session.Id, new CancellationToken(canceled: true)).AsTask(),
            Throws.InstanceOf<OperationCanceledException>()
        );

        Assert.That(proxy.RoundTrips, Is.EqualTo(before));
        Assert.That(await store.FetchSessionAsync(_session.Id, Token), Is.EqualTo(_session));
    }

    [Test]
    public async Task A_call_cancelled_while_it_waits_says_so_and_leaves_the_connection_usable()
    {
        using var cancelling = new CancellationTokenSource();
        await using (var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id))
        {
            var update = _store.UpdateAsync(_session.Id, Patch, cancelling.Token).AsTask();
            await held.WaitForBlockedProcessAsync(Token);
            await cancelling.CancelAsync();

            Assert.That(() => update, Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(await _store.FetchSessionAsync(_session.Id, Token), Is.EqualTo(_session));
    }

    [Test]
    public async Task A_write_whose_answer_is_lost_fails_although_it_was_applied()
    {
        await using var proxy = new PostgresProxy(_schema.ConnectionString);
        await using var store = new PostgresSessionStore(
            new()
            {
                ConnectionString = new NpgsqlConnectionStringBuilder(proxy.ConnectionString) { CommandTimeout = 1 }.ConnectionString,
                Schema = _schema.Name,
            }
        );
        var other = _samples.CreateFull("bob");
        await store.DeleteAsync(other.Id, Token);

        var applied = proxy.HoldResponses();
        Assert.That(
            () => store.DeleteAsync(_session.Id, Token).AsTask(),
            Throws.TypeOf<SessionStoreException>().With.InnerException.InstanceOf<NpgsqlException>()
        );
        await applied;
        proxy.CloseConnections();

        Assert.That(await _store.FetchSessionAsync(_session.Id, Token), Is.Null);
        Assert.That(await store.FetchSessionAsync(_session.Id, Token), Is.Null, "The store did not find its way back.");
    }
}
