using System.Globalization;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisExpiryTests
{
    // The server's clock is real: what the tests do between two looks takes far less.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly SeededRandom _random = SeededRandom.Create();
    private ManualTimeProvider _clock = null!;
    private SampleSessions _samples = null!;
    private RedisProcess _server = null!;
    private RedisSessionStore _store = null!;

    [SetUp]
    public async Task SetUp()
    {
        _clock = new();
        _samples = new(_clock, _random);
        _server = await RedisProcess.StartAsync();
        _store = new RedisTestStores().Create(_server.Endpoint, _clock);
    }

    [TearDown]
    public async Task TearDown()
    {
        _store.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task No_key_is_ever_without_a_time_to_live()
    {
        string?[] users = ["ann", "bob", null];
        var ids = new List<SessionId>();
        var steps = new Func<Task>[]
        {
            async () =>
            {
                var session = _samples.CreateFull(users[_random.Next(users.Length)]);
                ids.Add(session.Id);
                await _store.CreateAsync(
                    session,
                    _random.Next(2) == 0 ? null : new() { Max = 3, Policy = SessionLimitPolicy.EndLeastRecentlyUsed },
                    default
                );
            },
            async () => await _store.TouchAsync([Touch(Any()), Touch(Any())], default),
            async () => await _store.UpdateAsync(Any(), new() { Values = ValuesPatch.Empty.Set("k", "v").Remove("cart") }, default),
            async () => await _store.UpdateAsync(Any(), Proof(_random.Next(100) - 50), default),
            async () => await _store.DeleteAsync(Any(), default),
            async () => await _store.DeleteAllAsync("ann", null, default),
            async () => await _store.DeleteAllAsync("bob", Any(), default),
        };
        await steps[0]();
        for (var i = 0; i < 300; i++)
        {
            // Sessions are made oftener than the rest, or there would soon be none.
            await steps[Math.Max(0, _random.Next(steps.Length + 6) - 6)]();
            _clock.Advance(TimeSpan.FromSeconds(_random.Next(20)));

            Assert.That(await KeysWithoutTtlAsync(), Is.Empty, $"step {i}, seed {_random.Seed}");
        }

        SessionId Any() => ids[_random.Next(ids.Count)];
        SessionTouch Touch(SessionId id) =>
            new()
            {
                Id = id,
                LastSeenAt = _clock.GetUtcNow(),
                ExpiresAt = _clock.GetUtcNow().AddMinutes(_random.Next(60)),
            };
    }

    [Test]
    public async Task A_key_outlives_its_session_by_five_minutes()
    {
        var session = _samples.Create(userKey: null, lifetime: TimeSpan.FromHours(1));

        await _store.CreateAsync(session, null, default);

        Assert.That(await LongestTtlAsync(":s:"), Is.EqualTo(TimeSpan.FromMinutes(65)).Within(Slack));
    }

    [Test]
    public async Task The_index_lives_as_long_as_its_longest_session()
    {
        await _store.CreateAsync(_samples.Create("ann", TimeSpan.FromHours(9)), null, default);
        await _store.CreateAsync(_samples.Create("ann", TimeSpan.FromHours(1)), null, default);
        Assert.That(await LongestTtlAsync(":u:"), Is.EqualTo(TimeSpan.FromHours(9)).Within(TimeSpan.FromMinutes(5) + Slack));

        var session = _samples.Create("ann", TimeSpan.FromHours(1));
        await _store.CreateAsync(session, null, default);
        await _store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = _clock.GetUtcNow(),
                    ExpiresAt = _clock.GetUtcNow().AddHours(30),
                },
            ],
            default
        );
        Assert.That(await LongestTtlAsync(":u:"), Is.EqualTo(TimeSpan.FromHours(30)).Within(TimeSpan.FromMinutes(5) + Slack));

        await _store.UpdateAsync(session.Id, Proof(minutes: 60 * 90), default);
        Assert.That(await LongestTtlAsync(":u:"), Is.EqualTo(TimeSpan.FromHours(90)).Within(TimeSpan.FromMinutes(5) + Slack));
    }

    [Test]
    public async Task A_node_whose_clock_is_ahead_lets_no_key_die_earlier()
    {
        var session = _samples.Create("ann", TimeSpan.FromHours(2));
        await _store.CreateAsync(session, null, default);
        var prefix = (await _server.CallAsync("KEYS", "*:s:*"))[0].Text!.Split('{')[0];
        using var ahead = new RedisSessionStore(
            new() { Configuration = _server.Endpoint, KeyPrefix = prefix },
            _clock.CreateSkewed(TimeSpan.FromMinutes(40))
        );

        await ahead.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = session.LastSeenAt,
                    ExpiresAt = session.ExpiresAt.AddSeconds(1),
                },
            ],
            default
        );
        await ahead.UpdateAsync(session.Id, Proof(minutes: 120), default);

        Assert.That(
            (await ahead.FetchSessionAsync(session.Id, default))!.ExpiresAt,
            Is.EqualTo(_clock.GetUtcNow().AddMinutes(120)).Within(Slack)
        );
        Assert.That(await LongestTtlAsync(":s:"), Is.EqualTo(TimeSpan.FromMinutes(125)).Within(Slack));
        Assert.That(await LongestTtlAsync(":u:"), Is.EqualTo(TimeSpan.FromMinutes(125)).Within(Slack));
    }

    [Test]
    public async Task The_next_login_takes_out_of_the_index_what_is_gone_and_nothing_else()
    {
        await _store.CreateAsync(_samples.Create("ann", TimeSpan.FromMinutes(1)), null, default);
        var key = (await _server.CallAsync("KEYS", "*:s:*"))[0].Text!;
        await _store.CreateAsync(_samples.Create("ann", TimeSpan.FromMinutes(2)), null, default);
        _clock.Advance(TimeSpan.FromMinutes(10));
        await _server.CallAsync("DEL", key);

        await _store.CreateAsync(_samples.Create("ann"), null, default);

        var index = (await _server.CallAsync("KEYS", "*:u:*"))[0].Text!;
        var members = await _server.CallAsync("ZRANGE", index, "0", "-1");
        // The second has expired too, but its key is there: a node whose clock is right may still let it live.
        Assert.That(members.Items, Has.Length.EqualTo(2));
        Assert.That(members.Items!.Select(static member => member.Text), Has.None.EqualTo(key[^21..]));
    }

    private SessionPatch Proof(int minutes)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        return new()
        {
            Reauthentication = new()
            {
                At = now,
                Method = "pwd",
                ExpiresAt = now.AddMinutes(minutes),
                EndsAt = now.AddMinutes(Math.Max(minutes, 0) + 1),
            },
        };
    }

    private async Task<IEnumerable<string?>> KeysWithoutTtlAsync()
    {
        const string script =
            "local r = {} for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', k) == -1 then r[#r + 1] = k end end return r";
        return (await _server.CallAsync("EVAL", script, "0")).Items!.Select(static key => key.Text);
    }

    private async Task<TimeSpan> LongestTtlAsync(string kind)
    {
        var script =
            $"local m = 0 for _, k in ipairs(redis.call('KEYS', '*{kind}*')) do m = math.max(m, redis.call('PTTL', k)) end return m";
        return TimeSpan.FromMilliseconds(double.Parse((await _server.CallAsync("EVAL", script, "0")).Text!, CultureInfo.InvariantCulture));
    }
}
