using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly string[] s_differInTheLastByte = [new string('k', 511) + "a", new string('k', 511) + "b"];

    [Test]
    public async Task User_keys_compare_byte_for_byte()
    {
        var users = HostileText.LookAlikes.Concat(HostileText.All.Values).Concat(s_differInTheLastByte).Distinct().ToArray();
        var sessions = new Dictionary<string, Session>(StringComparer.Ordinal);
        foreach (var user in users)
        {
            // A limit of one would end the session of another user, if they were taken for the same.
            sessions[user] = Samples.Create(user);
            Assert.That(await EvictAsync(sessions[user], EvictLimit(1)), Is.Empty, user);
        }

        foreach (var user in users)
        {
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([sessions[user]]), user);
        }

        foreach (var user in users)
        {
            Assert.That(await Store.DeleteAllAsync(user, null, Token), Is.EqualTo([sessions[user]]), user);
        }
    }

    [Test]
    public async Task Delete_all_spares_exactly_the_exception_whatever_the_text_of_the_user_key()
    {
        foreach (var user in HostileText.All.Values)
        {
            var sessions = await CreateManyAsync(3, user);

            Assert.That(await Store.DeleteAllAsync(user, sessions[1].Id, Token), Is.EqualTo([sessions[0], sessions[2]]), user);
            Assert.That(await Store.FetchAllAsync(user, Token), Is.EqualTo([sessions[1]]), user);
        }
    }

    [Test]
    public async Task Keys_of_values_compare_byte_for_byte()
    {
        var keys = HostileText.LookAlikes;
        var values = SessionValues.From(keys.Select(key => KeyValuePair.Create(key, "old")));
        var session = await CreateAsync(Samples.Create() with { Values = values });
        foreach (var key in keys)
        {
            values = values.Set(key, "new");
            var changed = await Store.UpdateAsync(session.Id, new SessionPatch { Values = ValuesPatch.Empty.Set(key, "new") }, Token);
            AssertSame(changed.Session, session with { Values = values });
        }

        foreach (var key in keys)
        {
            values = values.Remove(key);
            var changed = await Store.UpdateAsync(session.Id, new SessionPatch { Values = ValuesPatch.Empty.Remove(key) }, Token);
            Assert.That(changed.Removed, Is.EqualTo(SessionValues.From([new(key, "new")])), key);
            AssertSame(changed.Session, session with { Values = values });
        }
    }

    [Test]
    public async Task Expected_values_compare_byte_for_byte()
    {
        foreach (var held in HostileText.LookAlikes)
        {
            var session = await CreateAsync(Samples.Create() with { Values = SessionValues.From([new("key", held)]) });
            foreach (var expected in HostileText.LookAlikes)
            {
                var patch = new SessionPatch { Values = ValuesPatch.Empty.Expect("key", expected) };
                var outcome = held == expected ? SessionUpdateOutcome.Applied : SessionUpdateOutcome.Conflict;
                Assert.That((await Store.UpdateAsync(session.Id, patch, Token)).Outcome, Is.EqualTo(outcome), $"'{held}' and '{expected}'");
            }
        }
    }
}
