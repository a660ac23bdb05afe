using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly SessionTag s_tag = new() { Name = "oidc.sid", Value = "08a5" };

    private static readonly SessionTag s_otherTag = new() { Name = "tenant", Value = "7" };

    [Test]
    public async Task Sessions_of_all_users_and_visitors_are_found_by_a_tag_the_earliest_created_first()
    {
        var sessions = await CreateTaggedAsync("ann", null, "bob", "ann", null);
        await CreateAsync(Samples.Create() with { Tags = [s_otherTag] });
        await CreateAsync(Samples.Create());

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_tag_that_no_session_has_finds_an_empty_list()
    {
        await CreateTaggedAsync("ann");

        Assert.That(await Store.FetchByTagAsync(Samples.NewTag(), Token), Is.Not.Null.And.Empty);
        Assert.That(await Store.DeleteByTagAsync(Samples.NewTag(), Token), Is.Not.Null.And.Empty);
    }

    [TestCase("ann")]
    [TestCase(null)]
    public async Task A_session_is_found_by_a_tag_that_a_patch_added(string? user)
    {
        var session = await CreateAsync(Samples.Create(user) with { Tags = [s_otherTag] });

        await AssertAppliedAsync(await AddAsync(session, s_tag), session with { Tags = [s_otherTag, s_tag] });

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo([session with { Tags = [s_otherTag, s_tag] }]));
        Assert.That(await Store.FetchByTagAsync(s_otherTag, Token), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Adding_a_tag_that_is_there_already_changes_nothing()
    {
        var session = (await CreateTaggedAsync("ann"))[0];

        await AssertAppliedAsync(await AddAsync(session, s_tag), session);

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo([session]));
    }

    [Test]
    public async Task Changes_and_uses_leave_the_tags_as_they_are()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.UpdateAsync(session.Id, FullPatch(session) with { Tags = [] }, Token);
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);

        var stored = (await Store.FetchSessionAsync(session.Id, Token))!;

        Assert.That(stored.Tags, Is.EqualTo(session.Tags));
        foreach (var tag in session.Tags)
        {
            Assert.That(await Store.FetchByTagAsync(tag, Token), Is.EqualTo([stored]));
        }
    }

    [Test]
    public async Task A_patch_with_more_tags_than_a_session_may_have_changes_nothing()
    {
        var session = await CreateAsync(Samples.Create() with { Tags = [Samples.NewTag(), Samples.NewTag()] });
        var tags = Enumerable.Range(0, SessionTags.MaxCount - 1).Select(_ => Samples.NewTag()).ToArray();

        var update = await Store.UpdateAsync(session.Id, FullPatch(session) with { Tags = SessionTags.Create(tags) }, Token);

        await AssertRejectedAsync(update, SessionUpdateOutcome.TooLarge, session);
        Assert.That(await Store.FetchByTagAsync(tags[0], Token), Is.Empty);
        await AssertAppliedAsync(await AddAsync(session, tags[1..]), session with { Tags = session.Tags.With(tags[1..]) });
    }

    [Test]
    public async Task A_condition_that_does_not_hold_goes_before_the_number_of_tags()
    {
        var session = await CreateAsync(Samples.Create() with { Tags = [s_tag] });
        var patch = new SessionPatch
        {
            Values = ValuesPatch.Empty.Expect("absent", "1"),
            Tags = SessionTags.Create(Enumerable.Range(0, SessionTags.MaxCount).Select(_ => Samples.NewTag())),
        };

        await AssertRejectedAsync(await Store.UpdateAsync(session.Id, patch, Token), SessionUpdateOutcome.Conflict, session);
    }

    [Test]
    public async Task One_name_stands_with_several_values()
    {
        SessionTags tags = [s_tag, s_tag with { Value = "08a6" }];
        var session = await CreateAsync(Samples.Create() with { Tags = tags });

        foreach (var tag in tags)
        {
            Assert.That(await Store.FetchByTagAsync(tag, Token), Is.EqualTo([session]));
        }
    }

    [Test]
    public async Task Tags_compare_byte_for_byte()
    {
        var texts = HostileText.LookAlikes.Concat(HostileText.All.Values).Concat(s_differInTheLastByte).Distinct();
        var tags = texts
            .Select(text => new SessionTag { Name = "a", Value = text })
            .Concat([new() { Name = "a", Value = "b:c" }, new() { Name = "a:b", Value = "c" }, new() { Name = "a.b", Value = "c" }])
            .ToArray();
        var sessions = new Dictionary<SessionTag, Session>();
        foreach (var tag in tags)
        {
            sessions[tag] = await CreateAsync(Samples.Create() with { Tags = [tag] });
        }

        foreach (var tag in tags)
        {
            Assert.That(await Store.FetchByTagAsync(tag, Token), Is.EqualTo([sessions[tag]]), $"{tag.Name}: {tag.Value}");
            Assert.That(await Store.DeleteByTagAsync(tag, Token), Is.EqualTo([sessions[tag]]), $"{tag.Name}: {tag.Value}");
        }
    }

    [Test]
    public async Task A_session_is_found_by_its_tag_until_the_instant_of_its_expiry()
    {
        var session = (await CreateTaggedAsync("ann"))[0];

        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo([session]));
        Clock.UtcNow = session.ExpiresAt;
        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.Empty);
    }

    [Test]
    public async Task A_session_that_slides_is_found_by_its_tag_for_as_long_as_it_lives()
    {
        var session = (await CreateTaggedAsync("ann"))[0];
        for (var day = 0; day < 20; day++)
        {
            Clock.UtcNow = session.ExpiresAt - s_millisecond;
            session = Touch(session, TimeSpan.FromDays(1)).ApplyTo(session);
            await Store.TouchAsync([Touch(session, TimeSpan.Zero)], Token);
            await CreateTaggedAsync("bob");
            await Store.DeleteExpiredAsync(1000, Token);

            Assert.That(await Store.FetchByTagAsync(s_tag, Token), Does.Contain(session));
        }
    }

    [Test]
    public async Task A_session_whose_end_was_moved_on_is_found_by_its_tag_until_then()
    {
        var session = (await CreateTaggedAsync("ann"))[0];
        var again = new Reauthentication
        {
            At = Clock.UtcNow,
            ExpiresAt = session.EndsAt.AddDays(20),
            EndsAt = session.EndsAt.AddDays(20),
        };
        await Store.UpdateAsync(session.Id, new SessionPatch { Reauthentication = again }, Token);
        Clock.UtcNow = session.EndsAt.AddDays(10);
        await CreateTaggedAsync("bob");
        await Store.FetchByTagAsync(s_tag, Token);
        await Store.DeleteExpiredAsync(1000, Token);

        Assert.That((await Store.FetchByTagAsync(s_tag, Token)).Select(other => other.Id), Does.Contain(session.Id));
        Assert.That((await Store.DeleteByTagAsync(s_tag, Token)).Select(other => other.Id), Does.Contain(session.Id));
    }

    [Test]
    public async Task A_session_that_has_ended_is_not_found_by_its_tag()
    {
        var sessions = await CreateTaggedAsync("ann", "bob", "carl", "dora");
        await Store.DeleteAsync(sessions[0].Id, Token);
        await Store.DeleteAllAsync("bob", null, Token);
        await Store.CreateAsync(Samples.Create("carl"), EvictLimit(1), Token);
        await Store.CreateAsync(Samples.Create("dora"), null, sessions[3].Id, Token);

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.Empty);
        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.Empty);
    }

    [Test]
    public async Task Sessions_are_found_by_a_tag_as_they_are_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
        await Store.UpdateAsync(session.Id, new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change") }, Token);

        AssertSame(
            (await Store.FetchByTagAsync(session.Tags.First(), Token)).Single(),
            (await Store.FetchSessionAsync(session.Id, Token))!
        );
    }

    private async Task<Session[]> CreateTaggedAsync(params string?[] users)
    {
        var sessions = users.Select((user, i) => CreatedLater(Samples.Create(user), i) with { Tags = [s_tag] }).ToArray();
        foreach (var session in sessions)
        {
            await CreateAsync(session);
        }

        return sessions;
    }

    private ValueTask<SessionUpdate> AddAsync(Session session, params SessionTag[] tags) =>
        Store.UpdateAsync(session.Id, new SessionPatch { Tags = SessionTags.Create(tags) }, Token);
}
