using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task Delete_by_tag_ends_the_sessions_of_all_users_and_visitors_and_returns_them_oldest_first()
    {
        var sessions = await CreateTaggedAsync("ann", null, "bob", "ann");

        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.EqualTo(sessions));

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.Empty);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        foreach (var session in sessions)
        {
            await AssertNoRecordAsync(session);
        }
    }

    [Test]
    public async Task Delete_by_tag_does_not_change_other_sessions()
    {
        var others = new[]
        {
            Samples.Create(),
            Samples.Create() with
            {
                Tags = [s_otherTag],
            },
            Samples.Create(userKey: null) with
            {
                Tags = [s_tag with { Value = "08A5" }],
            },
        };
        foreach (var other in others)
        {
            await CreateAsync(other);
        }

        await CreateTaggedAsync("ann", null);

        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Has.Count.EqualTo(2));
        foreach (var other in others)
        {
            await AssertStoredAsync(other);
        }

        Assert.That(await Store.FetchByTagAsync(s_otherTag, Token), Is.EqualTo([others[1]]));
    }

    [Test]
    public async Task Delete_by_tag_ends_a_session_that_got_the_tag_by_a_patch()
    {
        var session = await CreateAsync(Samples.Create());
        await AddAsync(session, s_tag);

        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.EqualTo([session with { Tags = [s_tag] }]));
        await AssertNoRecordAsync(session);
    }

    [Test]
    public async Task Delete_by_tag_returns_sessions_as_they_were_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("late", "change"), LastClient = Samples.NewClient() };
        var stored = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;

        AssertSame((await Store.DeleteByTagAsync(session.Tags.First(), Token)).Single(), stored);
    }

    [Test]
    public async Task Delete_by_tag_again_returns_an_empty_list()
    {
        await CreateTaggedAsync("ann", "bob");
        await Store.DeleteByTagAsync(s_tag, Token);

        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.Not.Null.And.Empty);
    }

    [Test]
    public async Task Delete_by_tag_deletes_expired_records_too_but_does_not_return_them()
    {
        var expired = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromMinutes(1)) with { Tags = [s_tag] });
        var alive = (await CreateTaggedAsync("bob"))[0];
        Clock.UtcNow = expired.ExpiresAt;

        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.EqualTo([alive]));

        Clock.UtcNow = expired.ExpiresAt - s_millisecond;
        await AssertNoRecordAsync(expired);
    }

    [Test]
    public async Task Delete_by_tag_ends_more_than_a_thousand_sessions()
    {
        var sessions = await CreateTaggedAsync([.. Enumerable.Range(0, 1200).Select(i => i % 3 == 0 ? null : $"user {i % 7}")]);

        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.EqualTo(sessions));
        Assert.That(await Store.DeleteByTagAsync(s_tag, Token), Is.EqualTo(sessions));
        Assert.That(await Store.FetchByTagAsync(s_tag, Token), Is.Empty);
    }
}
