using System.Transactions;
using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>The server is there, but a call fails: the caller learns it, and nothing is half done.</summary>
[CancelAfter(60_000)]
public sealed class PostgresFaultTests
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
    public async Task A_call_whose_connection_is_terminated_fails_and_changes_nothing()
    {
        Task update;
        await using (var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id))
        {
            update = _store.UpdateAsync(_session.Id, Patch, Token).AsTask();
            await _schema.ExecuteAsync($"SELECT pg_terminate_backend({await held.WaitForBlockedProcessAsync(Token)})");
            AssertFailed(update, PostgresErrorCodes.AdminShutdown);
        }

        Assert.That(await _store.FetchSessionAsync(_session.Id, Token), Is.EqualTo(_session));
    }

    [Test]
    public async Task Connections_that_were_terminated_while_idle_cost_at_most_one_failure_each()
    {
        const int connections = 5;
        await using (var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id))
        {
            var deletions = Enumerable.Range(0, connections).Select(_ => _store.DeleteAsync(_session.Id, Token).AsTask()).ToList();
            await held.WaitForBlockedProcessAsync(Token);
            await held.DisposeAsync();
            await Task.WhenAll(deletions);
        }

        await _store.CreateAsync(_session, null, Token);
        await _schema.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                + $"AND query LIKE '%{_schema.QuotedName}%'"
        );

        var failures = 0;
        Session? found = null;
        while (found is null && failures <= connections)
        {
            try
            {
                found = await _store.FetchSessionAsync(_session.Id, Token);
            }
            catch (SessionStoreException e)
            {
                Assert.That(e.InnerException, Is.InstanceOf<NpgsqlException>());
                failures++;
            }
        }

        await TestContext.Out.WriteLineAsync($"{failures} failures");
        Assert.That(found, Is.EqualTo(_session));
    }

    [Test]
    public async Task A_statement_timeout_is_a_failure_of_the_server_and_not_a_cancellation()
    {
        await using var store = new PostgresSessionStore(WithSetting("statement_timeout=100ms"));
        await store.PrepareAsync(Token);
        await using var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id);

        AssertFailed(store.UpdateAsync(_session.Id, Patch, Token).AsTask(), PostgresErrorCodes.QueryCanceled);
    }

    [Test]
    public async Task A_deadlock_with_another_program_fails_and_changes_nothing()
    {
        var second = _samples.CreateFull();
        await _store.CreateAsync(second, null, Token);
        var (low, high) = _session.Id < second.Id ? (_session, second) : (second, _session);
        await using var store = new PostgresSessionStore(WithSetting("deadlock_timeout=2s"));
        await using (var held = await PostgresRowLock.AcquireAsync(_schema, high.Id))
        {
            // The other program takes the rows the other way round, and is more patient.
            await held.ExecuteAsync("SET LOCAL deadlock_timeout = '1min'");
            var deletion = store.DeleteAllAsync("ann", null, Token).AsTask();
            await held.WaitForBlockedProcessAsync(Token);
            var other = held.AcquireAnotherAsync(low.Id);

            AssertFailed(deletion, PostgresErrorCodes.DeadlockDetected);
            await other;
        }

        Assert.That(await _store.FetchAllAsync("ann", Token), Is.EquivalentTo([_session, second]));
    }

    [Test]
    public async Task A_serialization_failure_changes_nothing()
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { MaxPoolSize = 1, NoResetOnClose = true }
        );
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = _schema.Name });
        await store.PrepareAsync(Token);
        // Nobody can do this before: the store refuses such a default when it prepares.
        await using (var command = source.CreateCommand("SET default_transaction_isolation = 'repeatable read'"))
        {
            await command.ExecuteNonQueryAsync(Token);
        }

        await using var held = await PostgresRowLock.AcquireAsync(_schema, _session.Id);
        await held.ExecuteAsync($"UPDATE {_schema.Table} SET persistent = NOT persistent");
        var update = store.UpdateAsync(_session.Id, Patch, Token).AsTask();
        await held.WaitForBlockedProcessAsync(Token);
        await held.ExecuteAsync("COMMIT");

        AssertFailed(update, PostgresErrorCodes.SerializationFailure);
        Assert.That(
            await _store.FetchSessionAsync(_session.Id, Token),
            Is.EqualTo(_session with { IsPersistent = !_session.IsPersistent })
        );
    }

    [Test]
    public async Task A_pool_without_a_free_connection_is_a_failure()
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { MaxPoolSize = 1, Timeout = 1 }
        );
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = _schema.Name });
        await store.PrepareAsync(Token);

        await using (await source.OpenConnectionAsync(Token))
        {
            Assert.That(
                () => store.FetchSessionAsync(_session.Id, Token).AsTask(),
                Throws.TypeOf<SessionStoreException>().With.InnerException.InstanceOf<NpgsqlException>()
            );
        }

        Assert.That(await store.FetchSessionAsync(_session.Id, Token), Is.EqualTo(_session));
    }

    [Test]
    public async Task What_a_call_did_outlives_a_transaction_of_the_caller_that_is_rolled_back()
    {
        await using var source = NpgsqlDataSource.Create(_schema.ConnectionString);
        await using var store = new PostgresSessionStore(new() { DataSource = source, Schema = _schema.Name });

        using (new TransactionScope(TransactionScopeAsyncFlowOption.Enabled))
        {
            await store.DeleteAllAsync("ann", null, Token);
        }

        Assert.That(await _store.FetchSessionAsync(_session.Id, Token), Is.Null);
    }

    private static void AssertFailed(Task call, string sqlState) =>
        Assert.That(
            () => call,
            Throws.TypeOf<SessionStoreException>().With.InnerException.Property(nameof(PostgresException.SqlState)).EqualTo(sqlState)
        );

    private PostgresSessionOptions WithSetting(string setting) =>
        new()
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Options = $"-c {setting}" }.ConnectionString,
            Schema = _schema.Name,
        };
}
