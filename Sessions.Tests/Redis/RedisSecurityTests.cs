using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Diagnostics;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisSecurityTests
{
    private const string Commands =
        "+eval +evalsha +get +mget +getrange +exists +pttl +pexpire +set +setrange +unlink +zadd +zrem +zremrangebyrank +zcard +zrange +zscore +zscan +rename +publish +subscribe +unsubscribe "
        + "+ping +echo +client +info";

    private static readonly string[] Prefixes = ["", " ", "a b:*?[x]^\\", "ü€𝄞'\"$\n", "sessions:"];

    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public async Task A_password_opens_the_server()
    {
        await using var server = await RedisProcess.StartAsync("--requirepass", "a,b=c d");
        // Commas end a setting in the driver's configuration, so a password with one is set apart.
        using var store = Open(new() { Configuration = server.Endpoint, ConfigureConnection = options => options.Password = "a,b=c d" });

        await store.PrepareAsync(default);
        await AssertWorksAsync(store);
    }

    [Test]
    public async Task A_user_who_may_do_no_more_than_needed_is_enough()
    {
        await using var server = await RedisProcess.StartAsync();
        await AddUserAsync(server, "~sessions:*", $"{Commands} resetchannels &sessions:*");
        await using var store = Open(AsUser(server));
        var listener = new RecordingChangeListener();

        await store.PrepareAsync(default);
        await AssertWorksAsync(store);
        using var subscription = store.ChangeFeed.Subscribe(listener);
        await listener.WaitForConnectionsAsync(1, TestContext.CurrentContext.CancellationToken);
    }

    [TestCase("~sessions:*", "-zrem", "ZREM")]
    [TestCase("~sessions:*", "-zremrangebyrank", "ZREMRANGEBYRANK")]
    [TestCase("~sessions:*", "-eval -evalsha", "scripts")]
    [TestCase("~other:*", "", "~sessions:*")]
    [TestCase("%R~sessions:*", "", "~sessions:*")]
    [TestCase("~sessions:*", "-publish", "PUBLISH")]
    [TestCase("~sessions:*", "-subscribe", "SUBSCRIBE")]
    [TestCase("~sessions:*", "resetchannels &sessions:changes", "&sessions:*")]
    [TestCase("~sessions:*", "resetchannels &sessions:beat:*", "&sessions:*")]
    public async Task A_user_who_may_do_less_is_refused_at_start(string keys, string missing, string advice)
    {
        await using var server = await RedisProcess.StartAsync();
        await AddUserAsync(server, keys, $"{Commands} {missing}");
        using var store = Open(AsUser(server));

        Assert.That(
            async () => await store.PrepareAsync(default),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains(advice).And.Message.Contains("ACL SETUSER")
        );
    }

    [TestCase("+info", "+scan")]
    [TestCase("+scan -info", "+info")]
    public async Task Without_the_SCAN_right_only_paging_fails_and_names_the_missing_right(string rights, string missing)
    {
        await using var server = await RedisProcess.StartAsync();
        await AddUserAsync(server, "~sessions:*", $"{Commands} {rights}");
        using var store = Open(AsUser(server));

        await store.PrepareAsync(default);
        await AssertWorksAsync(store);
        Assert.That(
            async () => await store.FetchPageAsync(null, 10, default),
            Throws.InstanceOf<SessionStoreException>().With.Message.Contains("ACL SETUSER").And.Message.Contains($" {missing}.")
        );
    }

    [Test]
    public async Task With_the_SCAN_right_paging_works()
    {
        await using var server = await RedisProcess.StartAsync();
        await AddUserAsync(server, "~sessions:*", $"{Commands} +scan");
        using var store = Open(AsUser(server));

        Assert.That((await store.FetchPageAsync(null, 10, default))!.Continuation, Is.Null);
    }

    [Test]
    public async Task Without_the_INFO_right_the_store_works_and_the_log_names_what_was_not_checked()
    {
        await using var server = await RedisProcess.StartAsync();
        await AddUserAsync(server, "~sessions:*", $"{Commands} -info");
        var log = new WarningLogger<RedisSessionStore>();
        using var store = Open(AsUser(server), log: log);

        await store.PrepareAsync(default);

        Assert.That(log.Warnings, Has.Exactly(1).Contains("INFO"));
        await AssertWorksAsync(store);
    }

    [TestCase("allkeys-lru", "0")]
    [TestCase("volatile-ttl", "100mb")]
    public async Task A_server_that_may_drop_live_sessions_is_refused_at_start(string policy, string memory)
    {
        await using var server = await RedisProcess.StartAsync("--maxmemory-policy", policy, "--maxmemory", memory);
        using var store = Open(new() { Configuration = server.Endpoint });

        Assert.That(
            async () => await store.PrepareAsync(default),
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains(policy).And.Message.Contains("noeviction")
        );
    }

    [Test]
    public async Task Sessions_travel_encrypted()
    {
        var folder = ServerFiles.NewFolder();
        var thumbprint = await WriteCertificateAsync(folder);
        string[] settings =
        [
            .. (string[])["--port", "0", "--tls-port", "{port}", "--tls-auth-clients", "no"],
            .. (string[])["--tls-cert-file", $"{folder}/cert.pem", "--tls-key-file", $"{folder}/key.pem"],
            .. (string[])["--tls-ca-cert-file", $"{folder}/cert.pem"],
        ];
        await using var server = await RedisProcess.StartInAsync(folder, settings);
        var seen = "";
        using var store = Open(
            new()
            {
                Configuration = $"{server.Endpoint},ssl=true,sslHost=127.0.0.1",
                ConfigureConnection = options =>
                    options.CertificateValidation += (_, certificate, _, _) =>
                    {
                        seen = certificate!.GetCertHashString();
                        return seen == thumbprint;
                    },
            }
        );

        await store.PrepareAsync(default);
        await AssertWorksAsync(store);
        Assert.That(seen, Is.EqualTo(thumbprint));
    }

    [TestCaseSource(nameof(Prefixes))]
    public async Task A_prefix_is_any_text_without_braces(string prefix)
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = Open(new() { Configuration = server.Endpoint }, prefix);

        await store.PrepareAsync(default);
        await AssertWorksAsync(store);
    }

    [TestCase("{")]
    [TestCase("a}b")]
    public void A_prefix_with_a_brace_is_refused(string prefix) =>
        Assert.That(
            () => Open(new() { Configuration = "localhost" }, prefix),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("without").And.Message.Contains("brace")
        );

    private static RedisSessionStore Open(RedisSessionOptions options, string? prefix = null, WarningLogger<RedisSessionStore>? log = null)
    {
        options.KeyPrefix = prefix;
        return new(options, log: log);
    }

    private static RedisSessionOptions AsUser(RedisProcess server) =>
        // The oldest driver knows no users; it sends a password alone, as the default user.
        new() { Configuration = $"{server.Endpoint},password=secret" };

    private static async Task AddUserAsync(RedisProcess server, string keys, string commands)
    {
        // The user of the administrator; the default one is the application's from here on.
        await server.CallAsync([
            "ACL",
            "SETUSER",
            "default",
            "reset",
            "on",
            ">secret",
            keys,
            "&*",
            .. commands.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
    }

    private static async Task<string> WriteCertificateAsync(string folder)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await File.WriteAllTextAsync($"{folder}/cert.pem", certificate.ExportCertificatePem());
        await File.WriteAllTextAsync($"{folder}/key.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    private async Task AssertWorksAsync(RedisSessionStore store)
    {
        var session = _samples.Create("ann:{x}") with { IdleTimeout = TimeSpan.FromMinutes(30) };
        await store.CreateAsync(session, new() { Max = 3, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, default);
        await store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = session.LastSeenAt.AddSeconds(1),
                    ExpiresAt = session.ExpiresAt.AddSeconds(1),
                },
            ],
            default
        );
        await store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("k", "v") }, default);
        Assert.That((await store.FetchSessionAsync(session.Id, default))!.Values["k"], Is.EqualTo("v"));
        Assert.That(await store.FetchAllAsync("ann:{x}", default), Has.Count.EqualTo(1));
        Assert.That((await store.DeleteAsync(session.Id, default))!.Id, Is.EqualTo(session.Id));
        Assert.That(await store.DeleteAllAsync("ann:{x}", null, default), Is.Empty);
    }
}
