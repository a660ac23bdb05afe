using System.Collections.Concurrent;
using NUnit.Framework;
using Sessions.Tests.Clients;

namespace Sessions.Tests.AspNetCore;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UserAgentCacheTests
{
    private static readonly UserAgentHeaders s_browser = UserAgentSamples.Headers(
        UserAgentSamples.Texts[0],
        "\"Chromium\";v=\"140\"",
        "\"Linux\"",
        "?0"
    );

    private readonly CountingReader _reader = new(new UserAgentReader());

    [Test]
    public void Who_says_the_same_is_read_once_and_is_one_client()
    {
        var known = new UserAgentCache(_reader);

        var client = known.GetOrAdd(s_browser);

        Assert.That(known.GetOrAdd(s_browser with { UserAgent = string.Concat("", s_browser.UserAgent.AsSpan()) }), Is.SameAs(client));
        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(1));
    }

    [Test]
    public void Known_or_not_a_client_is_what_its_headers_say()
    {
        var known = new UserAgentCache(_reader);

        foreach (var text in UserAgentSamples.Texts)
        {
            var read = new UserAgentReader().Read(UserAgentSamples.Headers(text));
            var expected = new ClientInfo
            {
                OperatingSystem = read.OperatingSystem,
                Browser = read.Browser,
                Device = read.Device,
                UserAgentHash = Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(text)),
            };
            Assert.That(
                (known.GetOrAdd(UserAgentSamples.Headers(text)), known.GetOrAdd(UserAgentSamples.Headers(text))),
                Is.EqualTo((expected, expected))
            );
        }

        Assert.That(known.GetOrAdd(UserAgentSamples.Headers(null)), Is.EqualTo(ClientInfo.Unknown));
    }

    [Test]
    public void Each_header_counts_and_so_does_its_case()
    {
        var known = new UserAgentCache(_reader);
        UserAgentHeaders[] all =
        [
            s_browser,
            s_browser with
            {
                UserAgent = s_browser.UserAgent!.ToUpperInvariant(),
            },
            s_browser with
            {
                Brands = null,
            },
            s_browser with
            {
                Platform = "\"Windows\"",
            },
            s_browser with
            {
                Mobile = "?1",
            },
            UserAgentSamples.Headers(s_browser.Brands, s_browser.UserAgent, s_browser.Platform, s_browser.Mobile),
        ];

        var clients = all.Select(known.GetOrAdd).ToList();

        Assert.That(clients, Is.Unique.Using<ClientInfo>(ReferenceEquals));
        Assert.That(all.Select(_reader.TimesOf), Is.All.EqualTo(1));
    }

    [Test]
    public void Readers_of_their_own_say_each_their_own()
    {
        var (one, other) = (new UserAgentCache(_reader), new UserAgentCache(new CustomUserAgentReader()));

        for (var time = 0; time < 2; time++)
        {
            Assert.That(one.GetOrAdd(s_browser).Browser, Is.EqualTo("Chromium").Or.EqualTo("Chrome"));
            Assert.That(other.GetOrAdd(s_browser).Browser, Is.EqualTo("Our app"));
        }
    }

    [Test]
    public void Ever_new_agents_push_out_each_other_and_no_browser_in_use()
    {
        var known = new UserAgentCache(_reader);
        var client = known.GetOrAdd(s_browser);
        var strangers = CreateRareAgents(4 * UserAgentCache.GenerationSize);

        for (var i = 0; i < strangers.Length; i++)
        {
            known.GetOrAdd(strangers[i]);
            if (i % (UserAgentCache.GenerationSize / 2) == 0)
            {
                Assert.That(known.GetOrAdd(s_browser), Is.SameAs(client));
            }
        }

        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(1));

        // Of all strangers no more than two generations are still known.
        foreach (var stranger in strangers.SkipLast(2 * UserAgentCache.GenerationSize))
        {
            known.GetOrAdd(stranger);
            Assert.That(_reader.TimesOf(stranger), Is.EqualTo(2));
        }
    }

    [Test]
    public void After_a_flood_an_evicted_browser_is_cached_again()
    {
        var known = new UserAgentCache(_reader);
        known.GetOrAdd(s_browser);
        Array.ForEach(CreateRareAgents(2 * UserAgentCache.GenerationSize), stranger => known.GetOrAdd(stranger));

        var client = known.GetOrAdd(s_browser);

        Assert.That(known.GetOrAdd(s_browser), Is.SameAs(client));
        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(2));
    }

    [Test]
    public void Headers_longer_than_browsers_send_are_read_each_time_and_not_kept()
    {
        var known = new UserAgentCache(_reader);
        var longest = UserAgentSamples.Headers(new string('a', UserAgentCache.MaxLength - 3), "b", "c", "d");
        var longer = longest with { Mobile = "dd" };

        var (kept, passing) = (known.GetOrAdd(longest), known.GetOrAdd(longer));

        Assert.That(known.GetOrAdd(longest), Is.SameAs(kept));
        Assert.That(known.GetOrAdd(longer), Is.EqualTo(passing));
        Assert.That((_reader.TimesOf(longest), _reader.TimesOf(longer)), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Callers_at_once_get_each_their_own_client()
    {
        var known = new UserAgentCache(_reader);
        var headers = CreateRareAgents(3 * UserAgentCache.GenerationSize);

        var all = Enumerable.Range(0, 8 * headers.Length).AsParallel().Select(i => headers[i * 7 % headers.Length]);

        Assert.That(all.Where(asked => known.GetOrAdd(asked).UserAgentHash != HashOf(asked)), Is.Empty);
    }

    private static Sha256Hash HashOf(UserAgentHeaders headers) =>
        Sha256Hash.Compute(System.Text.Encoding.UTF8.GetBytes(headers.UserAgent!));

    private static UserAgentHeaders[] CreateRareAgents(int count) =>
        [.. Enumerable.Range(0, count).Select(i => UserAgentSamples.Headers($"Mozilla/5.0 (X11; Linux x86_64) Stranger/{i}"))];

    private sealed class CountingReader(IUserAgentReader inner) : IUserAgentReader
    {
        private readonly ConcurrentDictionary<UserAgentHeaders, int> _times = new();

        public int TimesOf(UserAgentHeaders headers) => _times.GetValueOrDefault(headers);

        public UserAgent Read(UserAgentHeaders headers)
        {
            _times.AddOrUpdate(headers, 1, static (_, times) => times + 1);
            return inner.Read(headers);
        }
    }

    private sealed class CustomUserAgentReader : IUserAgentReader
    {
        public UserAgent Read(UserAgentHeaders headers) => UserAgentSamples.Agent(null, "Our app", DeviceKind.Unknown);
    }
}
