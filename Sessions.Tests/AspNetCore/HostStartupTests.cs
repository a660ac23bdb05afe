using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;

namespace Sessions.Tests.AspNetCore;

/// <summary>What is wrong with the options comes to light before the first request.</summary>
public sealed class HostStartupTests
{
    [Test]
    public void A_generator_that_does_not_fill_its_buffer_stops_the_host() =>
        Assert.That(
            () => StartAsync(o => o.RandomFill = static _ => { }),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("does not fill a buffer")
        );

    [Test]
    public void A_generator_that_always_says_the_same_stops_the_host() =>
        Assert.That(
            () => StartAsync(o => o.RandomFill = static buffer => buffer.Fill(7)),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("gives the same bytes again")
        );

    [Test]
    public async Task A_generator_that_works_makes_the_tokens()
    {
        var used = 0;
        await using var app = await SessionApp.StartAsync(
            static _ => { },
            options: o =>
                o.RandomFill = buffer =>
                {
                    used++;
                    for (var i = 0; i < buffer.Length; i++)
                    {
                        buffer[i] = (byte)(used * 31 + i * 17);
                    }
                }
        );
        var tried = used;

        await app.SignInAsync();

        Assert.That(used, Is.GreaterThan(tried));
    }

    [Test]
    public void A_lifetime_that_an_assurance_level_forbids_stops_the_host() =>
        Assert.That(
            () => StartAsync(o => o.UseAssurance(NistAal.Aal3).Lifetime = TimeSpan.FromHours(13)),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("at Aal3 it shall be at most 12:00:00")
        );

    [TestCase(NistAal.Aal1)]
    [TestCase(NistAal.Aal2)]
    [TestCase(NistAal.Aal3)]
    public async Task What_an_assurance_level_sets_itself_is_fine(NistAal level) =>
        Assert.That(await StartAsync(o => o.UseAssurance(level)), Is.Empty);

    [Test]
    public async Task What_an_assurance_level_advises_against_is_a_warning() =>
        Assert.That(
            await StartAsync(o => o.UseAssurance(NistAal.Aal2).IdleTimeout = TimeSpan.FromHours(2)),
            Is.EqualTo(["IdleTimeout is 02:00:00; at Aal2 it should be at most 01:00:00 (NIST SP 800-63B-4 section 2)."])
        );

    [TestCase(
        "",
        "The store of the default sessions fails. Requests that need it get 503; until it answers, further failures are logged at level Debug."
    )]
    [TestCase(
        "admin",
        "The store of the sessions \"admin\" fails. Requests that need it get 503; until it answers, further failures are logged at level Debug."
    )]
    public async Task A_store_that_is_down_is_called_by_its_name(string name, string message)
    {
        var memory = new MemorySessionStore(time: TimeProvider.System);
        var store = new FailingSessionStore(memory);
        store.Fail();

        Assert.That(await StartAsync(static _ => { }, services => services.AddSessionUp(name).UseStore(_ => store)), Is.EqualTo([message]));
    }

    /// <returns>What the host warned of.</returns>
    private static async Task<IReadOnlyList<string>> StartAsync(
        Action<SessionUpOptions> options,
        Action<IServiceCollection>? services = null
    )
    {
        var log = new RecordingLoggerProvider();
        await using var app = await SessionApp.StartAsync(
            static _ => { },
            options: options,
            services: collection =>
            {
                collection.AddSingleton<ILoggerProvider>(log);
                services?.Invoke(collection);
            }
        );
        return [.. log.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message)];
    }
}
