using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [Test]
    public async Task An_unknown_session_is_not_found()
    {
        await AssertGoneAsync(Samples.NewId("ann"));
        await CreateAsync(Samples.Create());
        await AssertGoneAsync(Samples.NewId("ann"));
    }

    [Test]
    public async Task Ids_compare_byte_for_byte()
    {
        var session = await CreateAsync(Samples.Create(userKey: null) with { Id = SessionId.Parse("aaaaaaaaaaaaaaaaaaaaaaaa") });

        await AssertGoneAsync(SessionId.Parse("AAAAAAAAAAAAAAAAAAAAAAAA"));
        await AssertGoneAsync(SessionId.Parse("aaaaaaaaaaaaaaaaaaaaaaaA"));
        await AssertGoneAsync(SessionId.Parse("Aaaaaaaaaaaaaaaaaaaaaaaa"));
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task The_smallest_and_the_greatest_id_are_ids_like_others()
    {
        // "AAA..." is all zero bits, "___..." all ones.
        foreach (var id in new[] { SessionId.Parse(new string('A', SessionId.Length)), SessionId.Parse(new string('_', SessionId.Length)) })
        {
            var session = await CreateAsync(Samples.Create(userKey: null) with { Id = id });

            await AssertStoredAsync(session);
            AssertSame(await Store.DeleteAsync(id, Token), session);
        }
    }
}
