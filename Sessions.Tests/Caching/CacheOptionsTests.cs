using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Memory;

namespace Sessions.Tests.Caching;

public sealed class CacheOptionsTests
{
    [TestCase(0, 30_000, "Cache.MaxSessions is 0; set it to something from 1 to 10,000,000.")]
    [TestCase(-1, 30_000, "Cache.MaxSessions is -1; set it to something from 1 to 10,000,000.")]
    [TestCase(10_000_001, 30_000, "Cache.MaxSessions is 10000001; set it to something from 1 to 10,000,000.")]
    [TestCase(1, 99, "Cache.MaxStaleness is 00:00:00.0990000; set it to something from 100 milliseconds to one hour.")]
    [TestCase(1, 0, "Cache.MaxStaleness is 00:00:00; set it to something from 100 milliseconds to one hour.")]
    [TestCase(1, 3_600_001, "Cache.MaxStaleness is 01:00:00.0010000; set it to something from 100 milliseconds to one hour.")]
    public void What_cannot_work_is_refused_in_a_sentence_that_says_what_to_do(int sessions, int milliseconds, string sentence) =>
        Assert.That(() => NewManager(sessions, milliseconds), Throws.TypeOf<OptionsValidationException>().With.Message.EqualTo(sentence));

    [TestCase(1, 100)]
    [TestCase(10_000_000, 3_600_000)]
    public void What_works_is_let_through(int sessions, int milliseconds) =>
        Assert.That(() => NewManager(sessions, milliseconds), Throws.Nothing);

    [Test]
    public void Without_UseCache_nothing_is_cached() => Assert.That(Options(static _ => { }).Cache, Is.Null);

    [Test]
    public void UseCache_caches_10_000_sessions_for_30_seconds()
    {
        var cache = Options(static builder => builder.UseCache()).Cache!;

        Assert.That((cache.MaxSessions, cache.MaxStaleness), Is.EqualTo((10_000, TimeSpan.FromSeconds(30))));
    }

    [Test]
    public void UseCache_twice_adds_up()
    {
        var cache = Options(static builder =>
            builder.UseCache(c => c.MaxSessions = 5).UseCache(c => c.MaxStaleness = TimeSpan.FromSeconds(5))
        ).Cache!;

        Assert.That((cache.MaxSessions, cache.MaxStaleness), Is.EqualTo((5, TimeSpan.FromSeconds(5))));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_options_bind_from_configuration(bool useCache)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                new Dictionary<string, string?> { ["Sessions:Cache:MaxSessions"] = "500", ["Sessions:Cache:MaxStaleness"] = "00:00:10" }
            )
            .Build();

        var cache = Options(builder =>
        {
            builder.Services.Configure<SessionUpOptions>(builder.Name, configuration.GetSection("Sessions"));
            if (useCache)
            {
                builder.UseCache();
            }
        }).Cache!;

        Assert.That((cache.MaxSessions, cache.MaxStaleness), Is.EqualTo((500, TimeSpan.FromSeconds(10))));
    }

    private static void NewManager(int sessions, int milliseconds)
    {
        var cache = new SessionCacheOptions { MaxSessions = sessions, MaxStaleness = TimeSpan.FromMilliseconds(milliseconds) };
        using var manager = new SessionManager(new MemorySessionStore(), new SessionUpOptions { Cache = cache });
    }

    private static SessionUpOptions Options(Action<SessionUpBuilder> configure)
    {
        var services = new ServiceCollection();
        configure(services.AddSessionUp("admin").UseMemory());
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get("admin");
    }
}
