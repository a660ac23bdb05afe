using System.Collections.Concurrent;
using NUnit.Framework;
using Sessions.AspNetCore;
using Sessions.Clients;
using Sessions.Tests.Clients;

namespace Sessions.Tests.AspNetCore;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KnownClientTests
{
    private static readonly UserAgentHeaders s_browser = new(KnownUserAgents.Texts[0], "\"Chromium\";v=\"140\"", "\"Linux\"", "?0");

    private readonly CountingReader _reader = new(new UserAgentReader());

    [Test]
    public void Who_says_the_same_is_read_once_and_is_one_client()
    {
        var known = new KnownClients(_reader);

        var client = known.Find(s_browser);

        Assert.That(known.Find(s_browser with { UserAgent = string.Concat("", s_browser.UserAgent.AsSpan()) }), Is.SameAs(client));
        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(1));
    }

    [Test]
    public void Known_or_not_a_client_is_what_its_headers_say()
    {
        var known = new KnownClients(_reader);

        foreach (var text in KnownUserAgents.Texts)
        {
            var read = new UserAgentReader().Read(new(text));
            var expected = new ClientInfo
            {
                OperatingSystem = read.OperatingSystem,
                Browser = read.Browser,
                Device = read.Device,
                UserAgentHash = Sha256Hash.Of(System.Text.Encoding.UTF8.GetBytes(text)),
            };
            Assert.That((known.Find(new(text)), known.Find(new(text))), Is.EqualTo((expected, expected)));
        }

        Assert.That(known.Find(new(null)), Is.EqualTo(ClientInfo.Unknown));
    }

    [Test]
    public void Each_header_counts_and_so_does_its_case()
    {
        var known = new KnownClients(_reader);
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
            new(s_browser.Brands, s_browser.UserAgent, s_browser.Platform, s_browser.Mobile),
        ];

        var clients = all.Select(known.Find).ToList();

        Assert.That(clients, Is.Unique.Using<ClientInfo>(ReferenceEquals));
        Assert.That(all.Select(_reader.TimesOf), Is.All.EqualTo(1));
    }

    [Test]
    public void Readers_of_their_own_say_each_their_own()
    {
        var (one, other) = (new KnownClients(_reader), new KnownClients(new OurAppReader()));

        for (var time = 0; time < 2; time++)
        {
            Assert.That(one.Find(s_browser).Browser, Is.EqualTo("Chromium").Or.EqualTo("Chrome"));
            Assert.That(other.Find(s_browser).Browser, Is.EqualTo("Our app"));
        }
    }

    [Test]
    public void Ever_new_agents_push_out_each_other_and_no_browser_in_use()
    {
        var known = new KnownClients(_reader);
        var client = known.Find(s_browser);
        var strangers = Strangers(4 * KnownClients.Generation);

        for (var i = 0; i < strangers.Length; i++)
        {
            known.Find(strangers[i]);
            if (i % (KnownClients.Generation / 2) == 0)
            {
                Assert.That(known.Find(s_browser), Is.SameAs(client));
            }
        }

        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(1));

        // Of all strangers no more than two generations are still known.
        foreach (var stranger in strangers.SkipLast(2 * KnownClients.Generation))
        {
            known.Find(stranger);
            Assert.That(_reader.TimesOf(stranger), Is.EqualTo(2));
        }
    }

    [Test]
    public void After_a_flood_a_browser_that_was_forgotten_is_known_again()
    {
        var known = new KnownClients(_reader);
        known.Find(s_browser);
        Array.ForEach(Strangers(2 * KnownClients.Generation), stranger => known.Find(stranger));

        var client = known.Find(s_browser);

        Assert.That(known.Find(s_browser), Is.SameAs(client));
        Assert.That(_reader.TimesOf(s_browser), Is.EqualTo(2));
    }

    [Test]
    public void Headers_longer_than_browsers_send_are_read_each_time_and_not_kept()
    {
        var known = new KnownClients(_reader);
        var longest = new UserAgentHeaders(new string('a', KnownClients.MaxLength - 3), "b", "c", "d");
        var longer = longest with { Mobile = "dd" };

        var (kept, passing) = (known.Find(longest), known.Find(longer));

        Assert.That(known.Find(longest), Is.SameAs(kept));
        Assert.That(known.Find(longer), Is.EqualTo(passing));
        Assert.That((_reader.TimesOf(longest), _reader.TimesOf(longer)), Is.EqualTo((1, 2)));
    }

    [Test]
    public void Callers_at_once_get_each_their_own_client()
    {
        var known = new KnownClients(_reader);
        var headers = Strangers(3 * KnownClients.Generation);

        var all = Enumerable.Range(0, 8 * headers.Length).AsParallel().Select(i => headers[i * 7 % headers.Length]);

        Assert.That(all.Where(asked => known.Find(asked).UserAgentHash != HashOf(asked)), Is.Empty);
    }

    private static Sha256Hash HashOf(UserAgentHeaders headers) => Sha256Hash.Of(System.Text.Encoding.UTF8.GetBytes(headers.UserAgent!));

    private static UserAgentHeaders[] Strangers(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new UserAgentHeaders($"Mozilla/5.0 (X11; Linux x86_64) Stranger/{i}"))];

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

    private sealed class OurAppReader : IUserAgentReader
    {
        public UserAgent Read(UserAgentHeaders headers) => new(null, "Our app", DeviceKind.Unknown);
    }
}
