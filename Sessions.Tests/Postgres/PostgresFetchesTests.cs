using Npgsql;
using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>While the only connection is taken, the first caller waits alone and all others are gathered, so that tests decide who comes together.</summary>
[CancelAfter(60_000)]
public sealed class PostgresFetchesTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly ReportedRecords _reported = new();
    private PostgresTestSchema _schema = null!;
    private PostgresProxy _proxy = null!;
    private NpgsqlDataSource _source = null!;
    private PostgresSessionStore _store = null!;
    private SampleSessions _samples = null!;
    private Session[] _sessions = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public async Task SetUp()
    {
        _schema = await PostgresTestSchema.CreateAsync();
        _proxy = new PostgresProxy(_schema.ConnectionString);
        _source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(_proxy.ConnectionString) { MaxPoolSize = 1 });
        _store = new PostgresSessionStore(
            new()
            {
                DataSource = _source,
                Schema = _schema.Name,
                PrepareStatements = false,
            },
            _clock,
            _reported.Reporter
        );
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        _sessions = [_samples.CreateFull(), _samples.CreateFull("bob"), _samples.CreateFull("cyd")];
        foreach (var session in _sessions)
        {
            await _store.CreateAsync(session, null, Token);
        }
    }

    [TearDown]
    public async Task TearDown()
    {
        await _store.DisposeAsync();
        await _source.DisposeAsync();
        await _proxy.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Test]
    public async Task Callers_who_come_one_after_the_other_are_one_round_trip_each_also_after_a_crowd()
    {
        Assert.That(await CountAsync(OneAfterTheOtherAsync), Is.EqualTo(2));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => FetchAsync(0)));

        Assert.That(await CountAsync(OneAfterTheOtherAsync), Is.EqualTo(2));

        async Task OneAfterTheOtherAsync()
        {
            Assert.That(await FetchAsync(0), Is.EqualTo(_sessions[0]));
            Assert.That(await FetchAsync(1), Is.EqualTo(_sessions[1]));
        }
    }

    [Test]
    public async Task Callers_who_come_while_another_is_served_go_together_and_each_gets_his_own_session()
    {
        var held = await _source.OpenConnectionAsync(Token);
        var alone = FetchAsync(0);
        var nobody = _store.FetchAsync(_samples.NewId("ann"), Token).AsTask();
        var gathered = ((int[])[0, 0, 1, 2, 1]).Select(i => (i, Fetching: FetchAsync(i))).ToList();

        Assert.That(
            await CountAsync(() => ReleaseAsync(held, [alone, nobody, .. gathered.Select(static one => one.Fetching)])),
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
    public async Task A_statement_asks_for_128_sessions_at_most()
    {
        var held = await _source.OpenConnectionAsync(Token);
        var fetching = Enumerable.Range(0, 1 + 128 + 128 + 1).Select(_ => FetchAsync(0)).ToList();

        Assert.That(await CountAsync(() => ReleaseAsync(held, fetching)), Is.EqualTo(4));

        Assert.That(await Task.WhenAll(fetching), Is.All.EqualTo(_sessions[0]));
    }

    [Test]
    public async Task Two_statements_for_several_are_under_way_at_most()
    {
        var settings = new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { ApplicationName = _schema.Name };
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = settings.ConnectionString, Schema = _schema.Name },
            _clock
        );
        await store.PrepareAsync(Token);
        List<Task<Session?>> fetching;
        await using (var held = await PostgresRowLock.TakeAsync(_schema, _sessions[0].Id))
        {
            await held.ExecuteAsync($"LOCK TABLE {_schema.Table}");
            fetching = [.. Enumerable.Range(0, 1 + (5 * 128)).Select(_ => store.FetchAsync(_sessions[0].Id, Token).AsTask())];
            while (await CountConnectionsAsync("wait_event_type = 'Lock'") < 3)
            {
                Token.ThrowIfCancellationRequested();
            }
        }

        Assert.That(await Task.WhenAll(fetching), Is.All.EqualTo(_sessions[0]));
        Assert.That(await CountConnectionsAsync("true"), Is.EqualTo(3), "One for who came alone, and two.");

        Task<long> CountConnectionsAsync(string condition) =>
            _schema.ReadAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{_schema.Name}' AND {condition}");
    }

    [Test]
    public async Task A_caller_who_cancels_waits_no_longer_and_the_others_go_on()
    {
        using var cancellation = new CancellationTokenSource();
        var held = await _source.OpenConnectionAsync(Token);
        var (alone, cancelled, other) = (FetchAsync(0), FetchAsync(1, cancellation.Token), FetchAsync(2));

        await cancellation.CancelAsync();

        Assert.That(() => cancelled, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(other.IsCompleted, Is.False);
        Assert.That(await CountAsync(() => ReleaseAsync(held, [alone, other])), Is.EqualTo(2));
        Assert.That((await alone, await other), Is.EqualTo((_sessions[0], _sessions[2])));
    }

    [Test]
    public async Task Nothing_is_asked_for_on_behalf_of_callers_who_cancelled_before_it_was_sent()
    {
        using var cancellation = new CancellationTokenSource();
        var held = await _source.OpenConnectionAsync(Token);
        // One waits alone, as many as go together, and one who goes with who comes last.
        var cancelled = Enumerable.Range(0, 1 + 128 + 1).Select(_ => FetchAsync(1, cancellation.Token)).ToList();

        await cancellation.CancelAsync();

        foreach (var one in cancelled)
        {
            Assert.That(() => one, Throws.InstanceOf<OperationCanceledException>());
        }

        Task<Session?> other = null!;
        Assert.That(await CountAsync(() => ReleaseAsync(held, [other = FetchAsync(0)])), Is.EqualTo(1));
        Assert.That(await other, Is.EqualTo(_sessions[0]));
    }

    [Test]
    public async Task A_statement_that_fails_fails_for_those_who_sent_it_each_with_his_own_exception_and_for_nobody_else()
    {
        var held = await _source.OpenConnectionAsync(Token);
        var fetching = Enumerable.Range(0, 5).Select(_ => FetchAsync(0)).ToList();
        await _schema.ExecuteAsync($"ALTER TABLE {_schema.Table} RENAME TO elsewhere");
        await ReleaseAsync(held, fetching);

        var failures = fetching.Select(static one => one.Exception!.InnerException).Cast<SessionStoreException>().ToList();

        Assert.That(failures, Is.Unique);
        Assert.That(
            failures.Select(static failure => ((PostgresException)failure.InnerException!).SqlState),
            Is.All.EqualTo(PostgresErrorCodes.UndefinedTable)
        );
        await _schema.ExecuteAsync($"ALTER TABLE {_schema.QuotedName}.elsewhere RENAME TO sessions");
        Assert.That(await Task.WhenAll(FetchAsync(0), FetchAsync(1), FetchAsync(2)), Is.EqualTo(_sessions));
    }

    [Test]
    public async Task What_cannot_be_read_and_what_has_expired_is_signed_out_for_those_alone_who_ask_for_it()
    {
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET secret = '' WHERE id = '{_sessions[0].Id}'");
        await _schema.ExecuteAsync($"UPDATE {_schema.Table} SET expires_at = 'infinity' WHERE id = '{_sessions[1].Id}'");
        var held = await _source.OpenConnectionAsync(Token);
        _clock.Advance(_sessions[2].ExpiresAt - _clock.GetUtcNow());
        var alone = FetchAsync(1);
        var gathered = Enumerable.Range(0, 3).Select(i => FetchAsync(i)).ToList();

        await ReleaseAsync(held, [alone, .. gathered]);

        Assert.That(
            (await Task.WhenAll(gathered)).Select(static session => session?.Id),
            Is.EqualTo((SessionId?[])[null, _sessions[1].Id, null])
        );
        Assert.That(_reported.Warnings, Has.One.Contains(_sessions[0].Id.ToString()));
    }

    [Test]
    public async Task In_any_crowd_everybody_gets_his_own_session([Values] bool throughPgBouncer)
    {
        await using var bouncer = throughPgBouncer ? await PgBouncerProcess.StartAsync(_schema.ConnectionString, connections: 2) : null;
        await using var store = new PostgresSessionStore(
            new() { ConnectionString = bouncer?.ConnectionString ?? _schema.ConnectionString, Schema = _schema.Name },
            _clock
        );
        var random = SeededRandom.Create();
        Session?[] all = [.. _sessions, null];

        for (var round = 0; round < 100; round++)
        {
            var expected = Enumerable.Range(0, 1 + random.Next(59)).Select(_ => all[random.Next(all.Length)]).ToList();
            var found = await Task.WhenAll(
                expected.Select(session => Task.Run(() => store.FetchAsync(session?.Id ?? _samples.NewId(null), Token).AsTask()))
            );

            Assert.That(found, Is.EqualTo(expected));
        }
    }

    private Task<Session?> FetchAsync(int session, CancellationToken cancellationToken = default) =>
        _store.FetchAsync(_sessions[session].Id, cancellationToken).AsTask();

    /// <summary>Gives the connection back, and ends when all have what they waited for, be it a failure.</summary>
    private static async Task ReleaseAsync(NpgsqlConnection held, List<Task<Session?>> fetching)
    {
        await held.DisposeAsync();
        await Task.WhenAll(fetching).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Token);
    }

    private async Task<int> CountAsync(Func<Task> call)
    {
        var before = _proxy.RoundTrips;
        await call();
        return _proxy.RoundTrips - before;
    }
}
