using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task A_user_without_sessions_has_an_empty_list()
    {
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Not.Null.And.Empty);
    }

    [Test]
    public async Task Sessions_are_listed_the_earliest_created_first()
    {
        var sessions = await CreateManyAsync(20);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task Sessions_created_at_one_instant_are_listed_in_order_of_id()
    {
        // Enough that upper and lower case, digits, '-' and '_' meet, which a linguistic order would mix.
        var sessions = Enumerable.Range(0, 50).Select(_ => Samples.Create()).OrderBy(session => session.Id).ToArray();
        foreach (var session in sessions.Reverse())
        {
            await CreateAsync(session);
        }

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task Use_and_changes_do_not_change_the_order()
    {
        var sessions = await CreateManyAsync(3);
        await Store.TouchAsync([Touch(sessions[0], TimeSpan.FromMinutes(5))], Token);
        await Store.UpdateAsync(sessions[1].Id, new SessionPatch { Values = ValuesPatch.Empty.Set("theme", "dark") }, Token);

        var listed = await Store.FetchAllAsync("ann", Token);

        Assert.That(listed.Select(session => session.Id), Is.EqualTo(sessions.Select(session => session.Id)));
    }

    [Test]
    public async Task Sessions_are_listed_as_they_are_stored()
    {
        var session = await CreateAsync(Samples.CreateFull());
        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(5))], Token);
        await Store.UpdateAsync(session.Id, new SessionPatch { LastClient = Samples.NewClient() }, Token);

        AssertSame((await Store.FetchAllAsync("ann", Token)).Single(), (await Store.FetchSessionAsync(session.Id, Token))!);
    }

    [Test]
    public async Task A_list_comes_with_the_values_whose_keys_are_wanted()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var plain = await CreateAsync(CreatedLater(Samples.Create(), 1));

        Assert.That(await Store.FetchAllAsync("ann", null, Token), Is.EqualTo([session, plain]));
        Assert.That(
            await Store.FetchAllAsync("ann", ["theme", "empty", "absent", "Theme"], Token),
            Is.EqualTo([session with { Values = session.Values.Remove("cart") }, plain])
        );
        Assert.That(await Store.FetchAllAsync("ann", [], Token), Is.EqualTo([session with { Values = SessionValues.Empty }, plain]));
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task Values_of_any_key_are_wanted_byte_for_byte()
    {
        var keys = HostileText.LookAlikes;
        var session = await CreateAsync(
            Samples.Create() with
            {
                Values = SessionValues.From(keys.Select(key => KeyValuePair.Create(key, "v"))),
            }
        );

        foreach (var key in keys)
        {
            var listed = (await Store.FetchAllAsync("ann", [key], Token)).Single();
            Assert.That(listed.Values, Is.EqualTo(SessionValues.From([new(key, "v")])), key);
        }
    }

    [Test]
    public async Task More_than_a_thousand_sessions_are_listed_each_once()
    {
        var sessions = await CreateManyAsync(2345);

        Assert.That(await Store.FetchAllAsync("ann", [], Token), Is.EqualTo(sessions));
    }

    [Test]
    public async Task A_list_shows_no_sessions_of_other_users()
    {
        var mine = await CreateAsync(Samples.Create("ann"));
        var yours = await CreateAsync(Samples.Create("bob"));
        await CreateAsync(Samples.Create(userKey: null));

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.EqualTo([mine]));
        Assert.That(await Store.FetchAllAsync("bob", Token), Is.EqualTo([yours]));
        Assert.That(await Store.FetchAllAsync("carl", Token), Is.Empty);
    }

    [Test]
    public async Task Users_of_one_shard_are_separate()
    {
        var (ann, bob) = TwoUsersOfOneShard();
        var mine = await CreateAsync(Samples.Create(ann));
        var yours = await CreateAsync(Samples.Create(bob));

        Assert.That(await Store.FetchAllAsync(ann, Token), Is.EqualTo([mine]));
        Assert.That(await Store.DeleteAllAsync(ann, yours.Id, Token), Is.Null);
        Assert.That(await Store.DeleteAllAsync(ann, null, Token), Is.EqualTo([mine]));
        Assert.That(await Store.FetchAllAsync(bob, Token), Is.EqualTo([yours]));
    }

    // Of some 2^9 users two share one of the 2^18 shards, as of 23 people two share a birthday.
    private static (string First, string Second) TwoUsersOfOneShard()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; ; i++)
        {
            var user = $"user {i}";
            if (!seen.TryAdd(SessionId.ComputeShard(user), user))
            {
                return (seen[SessionId.ComputeShard(user)], user);
            }
        }
    }
}
