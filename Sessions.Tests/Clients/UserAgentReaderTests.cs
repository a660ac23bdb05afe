using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Clients;

public sealed class UserAgentReaderTests
{
    private static readonly UserAgentReader Reader = new();

    [TestCaseSource(typeof(UserAgentSamples), nameof(UserAgentSamples.All))]
    public void A_known_agent_is_recognized(string agent, UserAgent expected) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(agent)), Is.EqualTo(expected));

    [Test]
    public void An_update_of_the_browser_changes_nothing()
    {
        var before = Reader.Read(UserAgentSamples.Headers("Mozilla/5.0 (X11; Linux x86_64; rv:124.0) Gecko/20100101 Firefox/124.0"));
        var after = Reader.Read(UserAgentSamples.Headers("Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0.1"));

        Assert.That(after, Is.EqualTo(before));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("\0\u0001\r\n\t\u007f")]
    [TestCase("Οδυσσέας/1.0 🚢")]
    public void What_says_nothing_known_is_unknown(string? header) =>
        Assert.That(
            Reader.Read(UserAgentSamples.Headers(header, header, header, header)),
            Is.EqualTo(UserAgentSamples.Agent(null, null, DeviceKind.Unknown))
        );

    [TestCase("CUBOT")]
    [TestCase("Cubot/1.0 bottle Botox cubots")]
    public void A_Cubot_is_a_phone_and_no_bot(string agent) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(agent)).Device, Is.Not.EqualTo(DeviceKind.Bot));

    [TestCase("bot")]
    [TestCase("ROBOT/1.0")]
    [TestCase("CUBOT_X19 some-bot; 1.0")]
    [TestCase("Example web CRAWLER")]
    [TestCase("SpiderExample")]
    public void What_calls_itself_a_bot_is_one(string agent) =>
        Assert.That(Reader.Read(UserAgentSamples.Headers(agent)), Is.EqualTo(UserAgentSamples.Agent(null, null, DeviceKind.Bot)));

    [TestCase('\ud83d')]
    [TestCase('\udc00')]
    public void Ill_formed_text_hides_nothing_beside_it(char surrogate) =>
        Assert.That(
            Reader.Read(
                UserAgentSamples.Headers(
                    $"{surrogate}Windows{surrogate} Firefox/{surrogate}",
                    $"{surrogate}",
                    $"{surrogate}",
                    $"{surrogate}"
                )
            ),
            Is.EqualTo(UserAgentSamples.Agent("Windows", "Firefox", DeviceKind.Desktop))
        );

    [Test]
    public void Only_the_head_of_a_header_is_read()
    {
        const string known = "Windows Firefox/";
        var padding = new string('x', 2048 - known.Length);

        Assert.That(
            Reader.Read(UserAgentSamples.Headers(padding + known)),
            Is.EqualTo(UserAgentSamples.Agent("Windows", "Firefox", DeviceKind.Desktop))
        );
        Assert.That(
            Reader.Read(UserAgentSamples.Headers("x" + padding + known)),
            Is.EqualTo(UserAgentSamples.Agent("Windows", null, DeviceKind.Desktop))
        );
    }

    [TestCase('x')]
    [TestCase(' ')]
    [TestCase('"')]
    [TestCase('\\')]
    [TestCase(',')]
    [TestCase('\ud800')]
    public void Headers_of_megabytes_are_read(char filler)
    {
        var header = new string(filler, 4 * 1024 * 1024);

        Assert.That(
            Reader.Read(UserAgentSamples.Headers(header, header, header, header)),
            Is.EqualTo(UserAgentSamples.Agent(null, null, DeviceKind.Unknown))
        );
    }

    [Test]
    public void Mutated_agents_are_read_without_an_exception()
    {
        var mutations = new MutatedText(new SeededRandom(20_260_101), UserAgentSamples.Texts);
        UserAgentHeaders headers = default;

        Assert.That(
            () =>
            {
                for (var i = 0; i < 100_000; i++)
                {
                    headers = UserAgentSamples.Headers(mutations.Next(), mutations.Next(), mutations.Next(), mutations.Next());
                    Reader.Read(headers);
                }
            },
            Throws.Nothing,
            () => $"{headers}"
        );
    }

    [Test]
    public void Reading_allocates_nothing()
    {
        var headers = Array.ConvertAll(
            UserAgentSamples.Texts,
            agent => UserAgentSamples.Headers(agent, "\"Chromium\";v=\"124\"", "\"Linux\"", "?0")
        );
        ReadAll(headers);
        var before = GC.GetAllocatedBytesForCurrentThread();

        ReadAll(headers);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static void ReadAll(UserAgentHeaders[] headers)
    {
        foreach (var header in headers)
        {
            Reader.Read(header);
        }
    }
}
