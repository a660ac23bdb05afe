using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Postgres;

[CancelAfter(60_000)]
public sealed class PostgresReadBatcherTests
{
    private readonly ManualTimeProvider _clock = new();
    private PostgresBatchFixture _fixture = null!;
    private SampleSessions _samples = null!;
    private Session[] _sessions = null!;

    [SetUp]
    public async Task SetUp()
    {
        _fixture = await PostgresBatchFixture.CreateAsync(_clock);
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        _sessions = [_samples.CreateFull(), _samples.CreateFull("bob"), _samples.CreateFull("cyd")];
        foreach (var session in _sessions)
        {
            await _fixture.Store.CreateAsync(session, null, Token);
        }
    }

    [TearDown]
    public async Task TearDown() => await _fixture.DisposeAsync();

    [Test]
    public async Task Sequential_calls_are_one_round_trip_each_also_after_a_batch()
    {
        Assert.That(await _fixture.CountRoundTripsAsync(OneAfterTheOtherAsync), Is.EqualTo(2));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FetchAsync(0)));

        Assert.That(await _fixture.CountRoundTripsAsync(OneAfterTheOtherAsync), Is.EqualTo(2));

        async Task OneAfterTheOtherAsync()
        {
            Assert.That(await FetchAsync(0), Is.EqualTo(_sessions[0]));
            Assert.That(await FetchAsync(1), Is.EqualTo(_sessions[1]));
        }
    }

    [Test]
    public async Task Calls_during_another_are_batched_and_each_gets_its_own_session()
    {
        var held = await _fixture.HoldConnectionAsync();
        var alone = FetchAsync(0);
        var nobody = _fixture.Store.FetchSessionAsync(_samples.NewId("ann"), Token).AsTask();
        var gathered = ((int[])[0, 0, 1, 2, 1]).Select(i => (i, Fetching: FetchAsync(i))).ToList();

        Assert.That(
            await _fixture.CountRoundTripsAsync(() =>
                PostgresBatchFixture.ReleaseAsync(held, [alone, nobody, .. gathered.Select(static one => one.Fetching)])
            ),
            Is.EqualTo(2)
        );

        Assert.That(await alone, Is.EqualTo(_sessions[0]));
        Assert.That(await nobody, Is.Null);
        foreach (var (i, fetching) in gathered)
        {
            Assert.That(await fetching, Is.EqualTo(_sessions[i]));
        }
    }

    [Test]
    public async Task A_statement_reads_128_sessions_at_most()
    {
        var held = await _fixture.HoldConnectionAsync();
        var fetching = Enumerable.Range(0, 1 + 128 + 128 + 1).Select(_ => FetchAsync(0)).ToList();

        Assert.That(await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, fetching)), Is.EqualTo(4));

        Assert.That(await Task.WhenAll(fetching), Is.All.EqualTo(_sessions[0]));
    }

    [Test]
    public async Task Two_statements_for_several_are_under_way_at_most()
    {
        var settings = new NpgsqlConnectionStringBuilder(_fixture.Schema.ConnectionString) { ApplicationName = _fixture.Schema.Name };
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = settings.ConnectionString, Schema = _fixture.Schema.Name },
            _clock
        );
        await store.PrepareAsync(Token);
        List<Task<Session?>> fetching;
        await using (var held = await PostgresRowLock.AcquireAsync(_fixture.Schema, _sessions[0].Id))
        {
            await held.ExecuteAsync($"LOCK TABLE {_fixture.Schema.Table}");
            fetching = [.. Enumerable.Range(0, 1 + (5 * 128)).Select(_ => store.FetchSessionAsync(_sessions[0].Id, Token).AsTask())];
            while (await CountConnectionsAsync("wait_event_type = 'Lock'") < 3)
            {
                Token.ThrowIfCancellationRequested();
            }
        }

        Assert.That(await Task.WhenAll(fetching), Is.All.EqualTo(_sessions[0]));
        Assert.That(await CountConnectionsAsync("true"), Is.EqualTo(3), "One for who came alone, and two.");

        Task<long> CountConnectionsAsync(string condition) =>
            _fixture.Schema.ReadAsync<long>(
                $"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{_fixture.Schema.Name}' AND {condition}"
            );
    }

    [Test]
    public async Task A_caller_who_cancels_waits_no_longer_and_the_others_go_on()
    {
        using var cancellation = new CancellationTokenSource();
        var held = await _fixture.HoldConnectionAsync();
        var (alone, cancelled, other) = (FetchAsync(0), FetchAsync(1, cancellation.Token), FetchAsync(2));

        await cancellation.CancelAsync();

        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(other.IsCompleted, Is.False);
        Assert.That(await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, [alone, other])), Is.EqualTo(2));
        Assert.That((await alone, await other), Is.EqualTo((_sessions[0], _sessions[2])));
    }

    [Test]
    public async Task Calls_that_were_cancelled_before_the_batch_are_not_sent()
    {
        using var cancellation = new CancellationTokenSource();
        var held = await _fixture.HoldConnectionAsync();
        // One waits alone, as many as go together, and one who goes with who comes last.
        var cancelled = Enumerable.Range(0, 1 + 128 + 1).Select(_ => FetchAsync(1, cancellation.Token)).ToList();

        await cancellation.CancelAsync();

        foreach (var one in cancelled)
        {
            Assert.That(() => one, Throws.InstanceOf<OperationCanceledException>());
        }

        Task<Session?> other = null!;
        Assert.That(
            await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, [other = FetchAsync(0)])),
            Is.EqualTo(1)
        );
        Assert.That(await other, Is.EqualTo(_sessions[0]));
    }

    [Test]
    public async Task A_failing_statement_fails_each_call_of_its_batch_with_an_own_exception_and_no_other()
    {
        var held = await _fixture.HoldConnectionAsync();
        var fetching = Enumerable.Range(0, 5).Select(_ => FetchAsync(0)).ToList();
        await _fixture.Schema.ExecuteAsync($"ALTER TABLE {_fixture.Schema.Table} RENAME TO elsewhere");
        await PostgresBatchFixture.ReleaseAsync(held, fetching);

        var failures = fetching.Select(static one => one.Exception!.InnerException).Cast<SessionStoreException>().ToList();

        Assert.That(failures, Is.Unique);
        Assert.That(
            failures.Select(static failure => ((PostgresException)failure.InnerException!).SqlState),
            Is.All.EqualTo(PostgresErrorCodes.UndefinedTable)
        );
        await _fixture.Schema.ExecuteAsync($"ALTER TABLE {_fixture.Schema.QuotedName}.elsewhere RENAME TO sessions");
        Assert.That(await Task.WhenAll(FetchAsync(0), FetchAsync(1), FetchAsync(2)), Is.EqualTo(_sessions));
    }

    [Test]
    public async Task Corrupt_and_expired_records_in_a_batch_affect_only_their_own_calls()
    {
        await _fixture.Schema.ExecuteAsync($"UPDATE {_fixture.Schema.Table} SET credential = '' WHERE id = '{_sessions[0].Id}'");
        await _fixture.Schema.ExecuteAsync($"UPDATE {_fixture.Schema.Table} SET expires_at = 'infinity' WHERE id = '{_sessions[1].Id}'");
        var held = await _fixture.HoldConnectionAsync();
        _clock.Advance(_sessions[2].ExpiresAt - _clock.GetUtcNow());
        var alone = FetchAsync(1);
        var gathered = Enumerable.Range(0, 3).Select(i => FetchAsync(i)).ToList();

        await PostgresBatchFixture.ReleaseAsync(held, [alone, .. gathered]);

        Assert.That(
            (await Task.WhenAll(gathered)).Select(static session => session?.Id),
            Is.EqualTo((SessionId?[])[null, _sessions[1].Id, null])
        );
        Assert.That(_fixture.CorruptRecords.Warnings, Has.One.Contains(_sessions[0].Id.ToString()));
    }

    [Test]
    public async Task In_any_batch_each_call_gets_its_own_session([Values] bool throughPgBouncer)
    {
        await using var bouncer = throughPgBouncer
            ? await PgBouncerProcess.StartAsync(_fixture.Schema.ConnectionString, connections: 2)
            : null;
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = bouncer?.ConnectionString ?? _fixture.Schema.ConnectionString, Schema = _fixture.Schema.Name },
            _clock
        );
        var random = SeededRandom.Create();
        Session?[] all = [.. _sessions, null];

        for (var round = 0; round < 100; round++)
        {
            var expected = Enumerable.Range(0, 1 + random.Next(59)).Select(_ => all[random.Next(all.Length)]).ToList();
            var found = await Task.WhenAll(
                expected.Select(session => Task.Run(() => store.FetchSessionAsync(session?.Id ?? _samples.NewId(null), Token).AsTask()))
            );

            Assert.That(found, Is.EqualTo(expected));
        }
    }

    private Task<Session?> FetchAsync(int session, CancellationToken cancellationToken = default) =>
        _fixture.Store.FetchSessionAsync(_sessions[session].Id, cancellationToken).AsTask();
}
