using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly SessionLookup s_replaced = new() { Marker = SessionMarker.Replaced };

    [Test]
    public async Task A_session_that_is_alive_has_no_marker()
    {
        var session = await CreateAsync(Samples.Create());

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(SessionLookup.FromSession(session)));
        Assert.That(await Store.FetchAsync(Samples.NewId("ann"), Token), Is.EqualTo(default(SessionLookup)));
    }

    [TestCase("ann")]
    [TestCase(null)]
    public async Task A_deletion_leaves_the_marker_that_it_is_told_to_leave(string? user)
    {
        var session = await CreateAsync(Samples.CreateFull(user));

        AssertSame(await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token), session);

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
    }

    [Test]
    public async Task A_deletion_that_is_told_to_leave_none_leaves_no_marker()
    {
        var sessions = await CreateTaggedAsync("ann", "bob", "carl");
        await Store.DeleteAsync(sessions[0].Id, SessionMarker.None, Token);
        await Store.DeleteAllAsync("bob", null, Token);
        await Store.DeleteByTagAsync(s_tag, Token);

        foreach (var session in sessions)
        {
            Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(default(SessionLookup)));
            await AssertNoRecordAsync(session);
        }
    }

    [Test]
    public async Task Only_a_session_that_is_alive_leaves_a_marker()
    {
        var expired = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)));
        var unknown = Samples.Create();
        Clock.UtcNow = expired.ExpiresAt;

        Assert.That(await Store.DeleteAsync(expired.Id, SessionMarker.Replaced, Token), Is.Null);
        Assert.That(await Store.DeleteAsync(unknown.Id, SessionMarker.Replaced, Token), Is.Null);

        Assert.That(await Store.FetchAsync(expired.Id, Token), Is.EqualTo(default(SessionLookup)));
        await AssertNoRecordAsync(expired);
        await AssertNoRecordAsync(unknown);
    }

    [Test]
    public async Task A_marker_is_found_until_the_instant_two_minutes_after_the_end()
    {
        var session = await CreateMarkerAsync();
        var until = Clock.UtcNow + SessionMarkerLifetime.Duration;

        Clock.UtcNow = until - s_millisecond;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
        Clock.UtcNow = until;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_marker_outlives_the_expiry_that_its_session_had()
    {
        var session = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromSeconds(1)));
        await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token);

        Clock.UtcNow += SessionMarkerLifetime.Duration - s_millisecond;

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
    }

    [Test]
    public async Task A_marker_is_not_listed_or_found_by_a_tag()
    {
        var session = await CreateMarkerAsync();

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        Assert.That(await Store.FetchByTagAsync(session.Tags.First(), Token), Is.Empty);
    }

    [Test]
    public async Task A_marker_is_on_no_page()
    {
        await RequirePagesAsync();
        await CreateMarkerAsync();
        var alive = await CreateAsync(Samples.Create());

        Assert.That(await EnumerateAsync(100), Is.EqualTo([alive]));
    }

    [Test]
    public async Task A_marker_counts_for_no_limit_and_no_limit_ends_it()
    {
        var session = await CreateMarkerAsync();

        await Assert.ThatAsync(() => EvictAsync(Samples.Create() with { IsBearer = true }, RefuseLimit(1)), Throws.Nothing);
        Assert.That(await EvictAsync(Samples.Create() with { IsBearer = true }, EvictLimit(1)), Has.Count.EqualTo(1));
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
    }

    [Test]
    public async Task A_marker_is_not_touched_or_updated()
    {
        var session = await CreateMarkerAsync();
        var until = Clock.UtcNow + SessionMarkerLifetime.Duration;

        await Store.TouchAsync([Touch(session, TimeSpan.FromHours(5))], Token);
        Assert.That(await Store.UpdateAsync(session.Id, FullPatch(session), Token), Is.EqualTo(SessionUpdate.Gone));
        Assert.That(await Store.UpdateAsync(session.Id, new SessionPatch(), Token), Is.EqualTo(SessionUpdate.Gone));

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
        Clock.UtcNow = until;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_deletion_does_not_return_a_marker_and_leaves_it_as_it_is()
    {
        var session = await CreateMarkerAsync();
        var until = Clock.UtcNow + SessionMarkerLifetime.Duration;
        Clock.UtcNow += TimeSpan.FromMinutes(1);

        Assert.That(await Store.DeleteAsync(session.Id, SessionMarker.None, Token), Is.Null);
        Assert.That(await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token), Is.Null);
        Assert.That(await Store.DeleteAllAsync("ann", null, Token), Is.Empty);
        Assert.That(await Store.DeleteAllAsync("ann", session.Id, Token), Is.Null);
        Assert.That(await Store.DeleteByTagAsync(session.Tags.First(), Token), Is.Empty);

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
        Clock.UtcNow = until;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(default(SessionLookup)));
    }

    [Test]
    public async Task A_marker_takes_its_id()
    {
        var session = await CreateMarkerAsync();

        await AssertDuplicateAsync(session, null);
        await AssertDuplicateAsync(Samples.Create(userKey: null) with { Id = session.Id }, null);

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));
    }

    [Test]
    public async Task A_marker_that_is_due_is_swept_and_not_returned()
    {
        await RequireSweepAsync();
        var session = await CreateMarkerAsync();
        var until = Clock.UtcNow + SessionMarkerLifetime.Duration;

        Clock.UtcNow = until + ClockTolerance.Deletion - s_millisecond;
        Assert.That(await SweepAsync(1000), Is.Empty);
        Clock.UtcNow -= ClockTolerance.Deletion;
        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(s_replaced));

        Clock.UtcNow = until + ClockTolerance.Deletion;
        Assert.That(await SweepAsync(1), Is.Empty);
        Clock.UtcNow = until - s_millisecond;
        await AssertNoRecordAsync(session);
    }

    /// <summary>A session that has ended and left a marker.</summary>
    private async Task<Session> CreateMarkerAsync()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token);
        return session;
    }
}
