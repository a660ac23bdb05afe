using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Sessions.Cookies;
using Sessions.Cookies.Protection;
using Sessions.Testing;
using Sessions.Tests.Clients;

namespace Sessions.Tests.Cookies;

/// <summary>
/// What was once a cookie, cut, spliced and sprinkled: never an exception, and never a session unless it is the cookie again.
/// </summary>
public sealed class CookieFuzzTests
{
    private const int MutationCount = 34_000;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_000);

    [Test]
    public void What_is_protected_by_data_protection_cannot_be_mutated() =>
        NothingElseIsAccepted(static binding => new DataProtectionCookieProtector(binding, new EphemeralDataProtectionProvider()));

    [Test]
    public void What_is_encrypted_cannot_be_mutated() =>
        NothingElseIsAccepted(static binding => new EncryptedCookieProtector(binding, [CookieApp.Key(), CookieApp.Key("old")]));

    [Test]
    public void What_is_signed_cannot_be_mutated() =>
        NothingElseIsAccepted(static binding => new SignedCookieProtector(binding, [CookieApp.Key(), CookieApp.Key("old")]));

    private static void NothingElseIsAccepted(Func<CookiePurpose, CookieProtector> create)
    {
        var random = SeededRandom.Create();
        var protection = create(new CookiePurpose("visit", "v"));
        var foreign = create(new CookiePurpose("other", "o"));
        var sessions = Sessions(protection);
        string[] good = [protection.Protect(Envelope(1)), protection.Protect(Envelope(2)), protection.Protect(Envelope(3))];
        string[] bad =
        [
            foreign.Protect(Envelope(4)),
            protection.Protect(Envelope(5) with { CreatedAt = Now.AddDays(-8) }),
            protection.Protect(Envelope(6) with { IssuedAt = Now.AddDays(1) }),
            "2~" + good[0][..40],
        ];
        var mutated = new MutatedText(random, [.. good, .. bad]);
        foreach (var text in good)
        {
            Assert.That(sessions.Read($"v={text}", out _), Is.Not.Null, "the fuzz begins with what is accepted");
        }

        for (var i = 0; i < MutationCount; i++)
        {
            // As the header says it, with a chunk beside it that may fit.
            var header = $"v={mutated.Next()}; v.1={good[0][40..]}";
            if (sessions.Read(header, out _) is not null)
            {
                Assert.That(good, Has.Member(sessions.Cookie.Read(header)), $"{header}; {SeededRandom.SeedVariable}={random.Seed}");
            }
        }
    }

    private static CookieEnvelope Envelope(int count) =>
        new(Now.AddHours(-1), Now, JsonSerializer.SerializeToUtf8Bytes(new Visit(count, "ann"), JsonSerializerOptions.Web));

    private static CookieSessionManager<Visit> Sessions(CookieProtector protection)
    {
        var options = new CookieSessionOptions { MaxChunks = 7 };
        options.Cookie.Name = "v";
        var type = (JsonTypeInfo<Visit>)JsonSerializerOptions.Web.GetTypeInfo(typeof(Visit));
        return new("visit", options, protection, type, new ManualTimeProvider(Now), NullLogger.Instance);
    }
}
