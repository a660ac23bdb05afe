using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

[CancelAfter(60_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MemoryCapacityTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly SampleSessions _samples;
    private readonly MemorySessionStore _store;

    public MemoryCapacityTests()
    {
        _samples = new SampleSessions(_clock, SeededRandom.Create());
        _store = new MemorySessionStore(new() { MaxSessions = 2 }, _clock);
    }

    [Test]
    public async Task A_full_store_refuses_more_and_loses_nothing()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());

        Assert.That(async () => await CreateAsync(), Throws.InstanceOf<SessionStoreException>().With.Message.Contains("MaxSessions"));
        Assert.That(await _store.FetchAllAsync("ann", Token), Is.EquivalentTo([first, second]));
    }

    [Test]
    public async Task The_sessions_of_a_user_share_one_instance_of_the_user_key()
    {
        await _store.CreateAsync(_samples.Create(new string(['a', 'n', 'n'])), null, Token);
        await _store.CreateAsync(_samples.Create(new string(['a', 'n', 'n'])), null, Token);

        var stored = await _store.FetchAllAsync("ann", Token);

        Assert.That(stored[0].UserKey, Is.SameAs(stored[1].UserKey));
    }

    [Test]
    public async Task What_was_ended_makes_room()
    {
        var first = await CreateAsync();
        await CreateAsync();

        await _store.DeleteAsync(first.Id, Token);

        Assert.That(async () => await CreateAsync(), Throws.Nothing);
    }

    [Test]
    public async Task What_could_be_swept_makes_room()
    {
        await CreateAsync();
        await CreateAsync();

        _clock.Advance(SampleSessions.Lifetime + ClockTolerance.Deletion);

        Assert.That(async () => await CreateAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_full_store_that_was_searched_in_vain_is_searched_again_after_a_second()
    {
        await CreateAsync();
        await CreateAsync();
        _clock.Advance(SampleSessions.Lifetime + ClockTolerance.Deletion - TimeSpan.FromMilliseconds(1));
        Assert.That(async () => await CreateAsync(), Throws.InstanceOf<SessionStoreException>());

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(async () => await CreateAsync(), Throws.InstanceOf<SessionStoreException>());

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(async () => await CreateAsync(), Throws.Nothing);
    }

    [Test]
    public async Task What_was_refused_takes_no_room()
    {
        var first = await CreateAsync();
        Assert.That(async () => await _store.CreateAsync(first, null, Token), Throws.InstanceOf<DuplicateSessionException>());
        Assert.That(
            async () => await _store.CreateAsync(_samples.Create(), new() { Max = 1, Policy = SessionLimitPolicy.Refuse }, Token),
            Throws.InstanceOf<SessionLimitException>()
        );

        Assert.That(async () => await CreateAsync(), Throws.Nothing);
    }

    [Test]
    public async Task A_marker_takes_room_until_it_is_due()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());
        await _store.DeleteAsync(first.Id, SessionMarker.Replaced, Token);
        Assert.That(async () => await CreateAsync(), Throws.InstanceOf<SessionStoreException>());

        _clock.Advance(SessionMarkerLifetime.Duration + ClockTolerance.Deletion);
        var third = await CreateAsync();

        Assert.That(await _store.FetchAllAsync("ann", Token), Is.EquivalentTo([second, third]));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_store_without_room_for_a_session_is_refused(int room)
    {
        Assert.That(
            () => new MemorySessionStore(new() { MaxSessions = room }),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains("MaxSessions")
        );
    }

    private async Task<Session> CreateAsync()
    {
        var session = _samples.Create();
        await _store.CreateAsync(session, null, Token);
        return session;
    }
}
