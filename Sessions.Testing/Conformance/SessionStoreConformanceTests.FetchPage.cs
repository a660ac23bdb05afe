using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static readonly string[] s_invalidContinuations =
    [
        .. (string[])["", " ", "0", "-1", "null", "x", "%", "{}", "../..", "' OR 1=1 --", "\0", "é", "A.B.C", "....", "a-b-c"],
        .. (string[])[new string('A', SessionId.Length - 1), new string('A', SessionId.Length + 1), new string('A', 10_000)],
        .. (string[])[new string('A', SessionId.Length - 1) + "=", new string('ａ', SessionId.Length)],
    ];

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(1000)]
    public async Task Pages_show_every_live_session_of_users_and_visitors_in_order_of_id(int limit)
    {
        await RequirePagesAsync();
        var sessions = new List<Session>(await CreateManyAsync(4));
        for (var i = 0; i < 4; i++)
        {
            sessions.Add(await CreateAsync(Samples.Create(userKey: null)));
            sessions.Add(await CreateAsync(Samples.CreateFull($"user {i}")));
        }

        AssertEnumerated(await EnumerateAsync(limit), sessions);
    }

    [Test]
    public async Task Pages_of_an_empty_store_are_empty()
    {
        await RequirePagesAsync();

        Assert.That(await EnumerateAsync(10), Is.Empty);
    }

    [Test]
    public async Task Sessions_of_any_user_key_are_shown()
    {
        await RequirePagesAsync();
        var keys = HostileText.All.Values.Concat(HostileText.LookAlikes).Distinct(StringComparer.Ordinal);
        var sessions = new List<Session>();
        foreach (var key in keys)
        {
            sessions.Add(await CreateAsync(Samples.Create(key)));
        }

        AssertEnumerated(await EnumerateAsync(10), sessions);
    }

    [Test]
    public async Task Pages_show_sessions_as_they_are_stored()
    {
        await RequirePagesAsync();
        var session = await CreateAsync(Samples.CreateFull());
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("colour", "green") };
        var patched = (await Store.UpdateAsync(session.Id, patch, Token)).Session!;
        var touch = Touch(patched, TimeSpan.FromMinutes(1));
        await Store.TouchAsync([touch], Token);

        AssertSame((await EnumerateAsync(10)).Distinct().Single(), touch.ApplyTo(patched));
    }

    [Test]
    public async Task From_the_instant_of_its_expiry_a_session_is_on_no_page()
    {
        await RequirePagesAsync();
        var session = await CreateAsync(Samples.Create());
        var other = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromDays(1)));

        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        AssertEnumerated(await EnumerateAsync(10), [session, other]);
        Clock.UtcNow = session.ExpiresAt;
        AssertEnumerated(await EnumerateAsync(10), [other]);
    }

    [Test]
    public async Task Sessions_that_have_expired_do_not_end_the_pages()
    {
        await RequirePagesAsync();
        var ids = Enumerable.Range(0, 33).Select(_ => Samples.NewId(userKey: null)).Order().ToArray();
        foreach (var id in ids[..30])
        {
            await CreateAsync(Samples.Create(userKey: null) with { Id = id });
        }

        var live = new List<Session>();
        foreach (var id in ids[30..])
        {
            live.Add(await CreateAsync(Samples.Create(userKey: null, TimeSpan.FromDays(1)) with { Id = id }));
        }

        Clock.Advance(SampleSessions.Lifetime);

        AssertEnumerated(await EnumerateAsync(2), live);
    }

    [Test]
    public async Task Sessions_may_be_ended_between_pages()
    {
        await RequirePagesAsync();
        var sessions = await CreateManyAsync(25);
        var walked = new List<Session>();
        string? continuation = null;
        do
        {
            var page = await FetchPageAsync(continuation, 4);
            walked.AddRange(page.Sessions);
            foreach (var session in page.Sessions)
            {
                await Store.DeleteAsync(session.Id, Token);
            }

            continuation = page.Continuation;
        } while (continuation is not null);

        AssertEnumerated(walked, sessions);
        Assert.That(await EnumerateAsync(100), Is.Empty);
    }

    [Test]
    public async Task A_continuation_may_be_used_again_and_on_any_node()
    {
        await RequirePagesAsync();
        var sessions = await CreateManyAsync(25);
        var first = await FetchPageAsync(null, 4);

        for (var i = 0; i < 2; i++)
        {
            AssertEnumerated([.. first.Sessions, .. await EnumerateAsync(4, first.Continuation)], sessions);
        }

        var node = await AddNodeAsync(TimeSpan.Zero);
        AssertEnumerated([.. first.Sessions, .. await EnumerateAsync(4, first.Continuation, node)], sessions);
    }

    [Test]
    public async Task A_continuation_of_another_kind_is_refused()
    {
        await RequirePagesAsync();
        await CreateManyAsync(25);
        var genuine = (await FetchPageAsync(null, 4)).Continuation!;

        foreach (var foreign in s_invalidContinuations.Append(" " + genuine).Append(genuine + "\n").Append(genuine + "\0"))
        {
            await Assert.ThatAsync(async () => await FetchPageAsync(foreign, 4), Throws.InstanceOf<FormatException>(), $"'{foreign}'");
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    public async Task A_page_of_no_sessions_is_refused(int limit)
    {
        await RequirePagesAsync();

        await Assert.ThatAsync(async () => await FetchPageAsync(null, limit), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_page_that_was_cancelled_before_is_not_fetched()
    {
        await RequirePagesAsync();
        await CreateManyAsync(2);

        await AssertCancelledAsync(async () => await Store.FetchPageAsync(null, 10, s_cancelled));
    }

    [Test]
    public async Task Pages_show_ten_thousand_sessions()
    {
        await RequirePagesAsync();
        var sessions = Enumerable.Range(0, 10_000).Select(i => Samples.Create(i % 5 == 0 ? null : $"user {i / 10}")).ToArray();
        await Parallel.ForEachAsync(
            sessions,
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Token },
            async (session, _) => await Store.CreateAsync(session, null, Token)
        );

        AssertEnumerated(await EnumerateAsync(500), sessions);
    }

    private async Task<List<Session>> EnumerateAsync(int limit, string? continuation = null, ISessionStore? node = null)
    {
        var walked = new List<Session>();
        var continuations = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var page = await FetchPageAsync(continuation, limit, node);
            Assert.That(
                page.Continuation is null || continuations.Add(page.Continuation),
                "The continuation of an earlier page came again: the pages never end."
            );
            // Steps of its own: what one step finds comes as a whole.
            Assert.That(page.Sessions, Has.Count.LessThanOrEqualTo(Backend.HasOrderedPages ? limit : (2 * limit) + 100));
            Assert.That(page.Sessions.Select(session => session.Id), Is.Unique);
            Assert.That(page.Continuation ?? "", Does.Match(@"\A[A-Za-z0-9._~-]*\z"), "A continuation goes into a URL as it is.");
            walked.AddRange(page.Sessions);
            continuation = page.Continuation;
        } while (continuation is not null);

        return walked;
    }

    private void AssertEnumerated(IEnumerable<Session> walked, IEnumerable<Session> expected)
    {
        var inOrder = expected.OrderBy(session => session.Id).ToList();
        // Not by NUnit's own comparison: it takes minutes for thousands in no order.
        Assert.That(Backend.HasOrderedPages ? walked : walked.Distinct().OrderBy(session => session.Id), Is.EqualTo(inOrder));
    }

    private async Task RequirePagesAsync()
    {
        if (await Store.FetchPageAsync(null, 1, Token) is null)
        {
            Assert.Ignore("This store cannot list all its sessions.");
        }
    }

    private async Task<SessionPage> FetchPageAsync(string? continuation, int pageSize, ISessionStore? node = null) =>
        (await (node ?? Store).FetchPageAsync(continuation, pageSize, Token))!;
}
