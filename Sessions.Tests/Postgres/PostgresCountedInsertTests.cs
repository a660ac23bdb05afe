using NUnit.Framework;
using Sessions.Postgres;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Postgres;

/// <summary>Sign-ins under a limit that go together with others.</summary>
[CancelAfter(60_000)]
public sealed class PostgresCountedInsertTests
{
    private static readonly SessionLimit s_far = new() { Max = 1000 };

    private readonly ManualTimeProvider _clock = new();
    private PostgresBatchFixture _fixture = null!;
    private SampleSessions _samples = null!;

    [SetUp]
    public async Task SetUp()
    {
        _fixture = await PostgresBatchFixture.CreateAsync(_clock);
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        await _fixture.Store.PrepareAsync(Token);
    }

    [TearDown]
    public async Task TearDown() => await _fixture.DisposeAsync();

    [Test]
    public async Task Far_from_the_limit_they_are_created_with_one_statement_beside_those_without_a_limit()
    {
        Session[] sessions = [.. new[] { "dan", "ann", "bob", null, "ann", "cyd", "ann" }.Select(user => _samples.Create(user))];

        var roundTrips = await CreateTogetherAsync(sessions, i => i % 3 == 0 ? null : s_far);

        Assert.That(roundTrips, Is.EqualTo(2), "The first comes alone, and the others together.");
        foreach (var session in sessions)
        {
            Assert.That(await _fixture.Store.FetchSessionAsync(session.Id, Token), Is.EqualTo(session));
        }
    }

    [Test]
    public async Task A_connection_that_counted_goes_on_without_counting()
    {
        await CreateTogetherAsync([.. Enumerable.Range(0, 3).Select(_ => _samples.Create())], static _ => s_far);

        await CreateTogetherAsync([.. Enumerable.Range(0, 3).Select(_ => _samples.Create())], static _ => null);
        await CreateTogetherAsync([.. Enumerable.Range(0, 3).Select(_ => _samples.Create())], static _ => s_far);

        Assert.That(await _fixture.Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(9));
    }

    [Test]
    public async Task Of_two_of_one_user_a_limit_of_one_refuses_one()
    {
        var limit = new SessionLimit { Max = 1, Policy = SessionLimitPolicy.Refuse };
        var held = await _fixture.HoldConnectionAsync();
        Task<SessionCreation>[] creating = [CreateAsync(_samples.Create("bob"), null), .. Several(3, limit)];

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        Assert.That(creating[1..].Count(static one => one.Exception?.InnerException is SessionLimitException), Is.EqualTo(2));
        Assert.That(await _fixture.Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Of_several_of_one_user_as_many_stay_as_the_limit_allows_and_the_others_are_returned_as_ended(
        [Values(1, 2, 3)] int max
    )
    {
        var held = await _fixture.HoldConnectionAsync();
        Task<SessionCreation>[] creating = [CreateAsync(_samples.Create("bob"), null), .. Several(6, new() { Max = max })];

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        var live = await _fixture.Store.FetchAllAsync("ann", Token);
        var ended = (await Task.WhenAll(creating)).SelectMany(static creation => creation.Evicted).ToList();
        Assert.That((live.Count, ended.Count), Is.EqualTo((max, 6 - max)));
        Assert.That(ended.Concat(live), Is.Unique);
    }

    [Test]
    public async Task A_user_at_the_limit_makes_room_and_those_beside_them_are_created_as_ever()
    {
        var (old, newer, other) = (_samples.Create(), _samples.Create(), _samples.Create("bob"));
        await CreateAsync(old, null);
        var held = await _fixture.HoldConnectionAsync();
        Task<SessionCreation>[] creating =
        [
            CreateAsync(_samples.Create("dan"), null),
            CreateAsync(newer, new() { Max = 1 }),
            CreateAsync(other, new() { Max = 1 }),
        ];

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        Assert.That((await creating[1]).Evicted, Is.EqualTo([old]));
        Assert.That((await creating[2]).Evicted, Is.Empty);
        Assert.That(await _fixture.Store.FetchAllAsync("ann", Token), Is.EqualTo([newer]));
        Assert.That(await _fixture.Store.FetchAllAsync("bob", Token), Is.EqualTo([other]));
    }

    [Test]
    public async Task A_taken_id_is_reported_as_such_also_where_the_limit_is_reached()
    {
        var taken = _samples.Create();
        await CreateAsync(taken, null);
        var held = await _fixture.HoldConnectionAsync();
        var limit = new SessionLimit { Max = 1, Policy = SessionLimitPolicy.Refuse };
        Task<SessionCreation>[] creating =
        [
            CreateAsync(_samples.Create("dan"), null),
            CreateAsync(taken, limit),
            CreateAsync(_samples.Create("bob"), limit),
        ];

        await PostgresBatchFixture.ReleaseAsync(held, creating);

        Assert.That(() => creating[1], Throws.TypeOf<DuplicateSessionException>());
        Assert.That(creating[2].IsCompletedSuccessfully);
    }

    [Test]
    public async Task None_waits_for_the_sign_out_of_another_user()
    {
        var old = _samples.Create();
        await CreateAsync(old, null);
        await using var signingOut = new PostgresSessionStore(_fixture.Schema.Options, _clock);
        await using var row = await PostgresRowLock.AcquireAsync(_fixture.Schema, old.Id);
        var deletion = signingOut.DeleteAllAsync("ann", null, Token).AsTask();
        var deleting = await row.WaitForBlockedProcessAsync(Token);
        var held = await _fixture.HoldConnectionAsync();
        Task<SessionCreation>[] others = [CreateAsync(_samples.Create("bob"), s_far), CreateAsync(_samples.Create("cyd"), s_far)];
        var waiting = CreateAsync(_samples.Create(), s_far);

        await PostgresBatchFixture.ReleaseAsync(held, others);

        Assert.That(others[1].IsCompletedSuccessfully);
        Assert.That(
            await Task.WhenAny(waiting, row.WaitForBlockedProcessAsync(Token, deleting)),
            Is.Not.SameAs(waiting),
            "It did not wait."
        );
        await row.DisposeAsync();
        await waiting;
        Assert.That(await deletion, Is.EqualTo([old]));
    }

    [Test]
    public async Task In_any_mixture_on_two_nodes_no_user_has_more_than_the_limit_and_each_session_is_alive_or_returned_as_ended()
    {
        await using var first = new PostgresSessionStore(_fixture.Schema.Options, _clock);
        await using var second = new PostgresSessionStore(_fixture.Schema.Options, _clock);
        var random = SeededRandom.Create();
        for (var round = 0; round < TestEffort.Scale(60); round++)
        {
            var users = Enumerable.Range(0, 3).Select(i => $"{round} {i}").ToArray();
            var limit = new SessionLimit { Max = 1 + random.Next(4), Policy = (SessionLimitPolicy)random.Next(2) };
            var sessions = Enumerable.Range(0, 8 + random.Next(30)).Select(_ => _samples.Create(users[random.Next(3)])).ToList();
            var outcomes = await Task.WhenAll(
                sessions.Select(
                    (session, i) =>
                    {
                        var store = random.Next(2) == 0 ? first : second;
                        var replaced = random.Next(3) == 0 ? sessions[random.Next(sessions.Count)].Id : (SessionId?)null;
                        return Task.Run(() => TryCreateAsync(store, session, limit, replaced));
                    }
                )
            );

            var message = $"Round {round}, {SeededRandom.SeedVariable}={random.Seed}";
            var created = sessions.Where((_, i) => outcomes[i] is not null).Select(static session => session.Id).ToList();
            var ended = outcomes.OfType<SessionCreation>().SelectMany(static one => one.Evicted.Append(one.Replaced)).OfType<Session>();
            var live = new List<Session>();
            foreach (var user in users)
            {
                var owned = await first.FetchAllAsync(user, Token);
                Assert.That(owned, Has.Count.LessThanOrEqualTo(limit.Max), message);
                live.AddRange(owned);
            }

            Assert.That(ended.Concat(live).Select(static session => session.Id), Is.EquivalentTo(created), message);
        }

        static async Task<SessionCreation?> TryCreateAsync(ISessionStore store, Session session, SessionLimit limit, SessionId? replaces)
        {
            try
            {
                return await store.CreateAsync(session, limit, replaces, Token);
            }
            catch (SessionLimitException)
            {
                return null;
            }
        }
    }

    private List<Task<SessionCreation>> Several(int count, SessionLimit limit) =>
        Enumerable.Range(0, count).Select(_ => CreateAsync(_samples.Create(), limit)).ToList();

    private async Task<int> CreateTogetherAsync(Session[] sessions, Func<int, SessionLimit?> limit)
    {
        var held = await _fixture.HoldConnectionAsync();
        var creating = sessions.Select((session, i) => CreateAsync(session, limit(i))).ToList();
        var roundTrips = await _fixture.CountRoundTripsAsync(() => PostgresBatchFixture.ReleaseAsync(held, creating));
        await Task.WhenAll(creating);
        return roundTrips;
    }

    private Task<SessionCreation> CreateAsync(Session session, SessionLimit? limit) =>
        _fixture.Store.CreateAsync(session, limit, Token).AsTask();
}
