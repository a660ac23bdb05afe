using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    [TestCaseSource(typeof(FieldVariations), nameof(FieldVariations.Names))]
    public async Task Every_field_comes_back_as_it_went_in(string variation)
    {
        var session = await CreateAsync(FieldVariations.Create(variation, Samples));

        await AssertRoundTripsAsync(session);
    }

    [TestCaseSource(typeof(FieldVariations), nameof(FieldVariations.Clients))]
    public async Task A_client_comes_back_as_it_went_in(string variation)
    {
        var client = FieldVariations.CreateClient(variation, Samples);
        var first = await CreateAsync(Samples.CreateFull() with { Client = client });
        var last = await CreateAsync(Samples.CreateFull("bob") with { LastClient = client });
        var changed = await CreateAsync(Samples.CreateFull("carl"));
        await Store.UpdateAsync(changed.Id, new SessionPatch { LastClient = client }, Token);

        await AssertRoundTripsAsync(first);
        await AssertRoundTripsAsync(last);
        await AssertRoundTripsAsync(changed with { LastClient = client });
    }

    [TestCaseSource(typeof(HostileTextNames), nameof(HostileTextNames.All))]
    public async Task Any_text_comes_back_as_it_went_in(string name)
    {
        var text = HostileText.All[name];
        var session = Samples.CreateFull(text);
        await CreateAsync(
            session = session with
            {
                AuthenticationMethod = text,
                Client = session.Client with { OperatingSystem = text, Browser = text },
                LastClient = session.LastClient with { OperatingSystem = text, Browser = text },
                Values = SessionValues.From([new(text, text)]),
            }
        );

        await AssertRoundTripsAsync(session);
    }

    [Test]
    public async Task All_texts_come_back_from_one_session()
    {
        var texts = HostileText.All.Values.Concat(HostileText.LookAlikes).Distinct(StringComparer.Ordinal).ToArray();
        var pairs = texts.Select((text, i) => KeyValuePair.Create(text, texts[^(i + 1)]));

        await AssertRoundTripsAsync(await CreateAsync(Samples.Create() with { Values = SessionValues.From(pairs) }));
    }

    [Test]
    public async Task Empty_keys_and_empty_values_come_back()
    {
        await AssertRoundTripsAsync(await CreateAsync(Samples.Create("1") with { Values = SessionValues.From([new("", "a")]) }));
        await AssertRoundTripsAsync(await CreateAsync(Samples.Create("2") with { Values = SessionValues.From([new("a", "")]) }));
        await AssertRoundTripsAsync(await CreateAsync(Samples.Create("3") with { Values = SessionValues.From([new("", "")]) }));
    }

    [Test]
    public async Task Values_of_64_KiB_come_back()
    {
        const int limit = 64 * 1024;
        var one = SessionValues.From([new("k", new string('v', limit - 1))]);
        var wide = SessionValues.From([new("😀", string.Concat(Enumerable.Repeat("😀", (limit / 4) - 1)))]);
        var many = SessionValues.From(Enumerable.Range(0, limit / 16).Select(i => KeyValuePair.Create($"{i:D8}", "12345678")));

        foreach (var (user, values) in new[] { ("one", one), ("wide", wide), ("many", many) })
        {
            Assert.That(values.ByteCount, Is.EqualTo(limit));
            await AssertRoundTripsAsync(await CreateAsync(Samples.Create(user) with { Values = values }));
        }
    }

    private async Task AssertRoundTripsAsync(Session session)
    {
        await AssertStoredAsync(session);
        if (session.UserKey is { } userKey)
        {
            AssertSame((await Store.FetchAllAsync(userKey, Token)).Single(), session);
        }

        AssertSame((await Store.UpdateAsync(session.Id, new SessionPatch(), Token)).Session, session);
        AssertSame(await Store.DeleteAsync(session.Id, Token), session);
    }
}
