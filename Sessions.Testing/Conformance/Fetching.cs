using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformance<TStore>
{
    /// <summary>A session that was created is there.</summary>
    [Test]
    public async Task A_created_session_is_fetched()
    {
        var session = await CreateAsync(Samples.Create());

        Assert.That(await Store.FetchAsync(session.Id, Token), Is.EqualTo(session));
    }

    /// <summary>Null: unknown.</summary>
    [Test]
    public async Task An_unknown_session_is_not_found()
    {
        await CreateAsync(Samples.Create());

        Assert.That(await Store.FetchAsync(Samples.NewId("ann"), Token), Is.Null);
    }
}
