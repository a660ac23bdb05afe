using NUnit.Framework;
using Sessions.Redis;
using Sessions.Testing;
using Sessions.Tests.Servers;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisPageTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());

    [Test]
    public async Task Pages_continue_over_a_restart_of_the_server_and_miss_nothing()
    {
        // A server that starts again puts its keys in another order.
        await using var server = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System);
        var sessions = await CreateAsync(store, 300);
        var first = await store.FetchPageAsync(null, 200, default);

        await server.KillAsync();
        await server.RestartAsync();
        await ConnectedAsync(store);

        var walked = first!.Sessions.Concat(await EnumerateAsync(store, first!.Continuation, 50));
        Assert.That(walked.Select(static session => session.Id).Distinct(), Is.EquivalentTo(sessions));
    }

    [Test]
    public async Task Keys_that_resemble_sessions_are_skipped()
    {
        await using var server = await RedisProcess.StartAsync();
        var reported = new CorruptRecordLog();
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System, reported.Reporter);
        var session = (await CreateAsync(store, 1))[0];
        var key = (await server.CallAsync("KEYS", "*:s:*"))[0].Text!;
        var record = (await server.CallAsync("GET", key)).Text!;
        var (prefix, id) = (key[..key.IndexOf('{', StringComparison.Ordinal)], session.ToString());
        string[] alike =
        [
            $"{prefix}{{AAA}}:s:{new string('B', SessionId.Length)}",
            $"{prefix}{{{id[..3]}}}:s:{new string('!', SessionId.Length)}",
            $"{prefix}{{{id[..3]}}}:s:{id}x",
            $"{prefix}x{{{id[..3]}}}:s:{id}",
            $"x{key}",
        ];
        foreach (var other in alike)
        {
            await server.CallAsync("SET", other, record);
        }

        var shard = _samples.NewId(null).ToString();
        await server.CallAsync("RPUSH", $"{prefix}{{{shard[..3]}}}:s:{shard}", "a list");

        Assert.That((await EnumerateAsync(store, null, 10)).Select(static one => one.Id), Is.EqualTo([session]));
        Assert.That(reported.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_record_that_cannot_be_read_is_reported_and_does_not_stop_the_pages()
    {
        await using var server = await RedisProcess.StartAsync();
        var reported = new CorruptRecordLog();
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System, reported.Reporter);
        var broken = (await CreateAsync(store, 1))[0];
        await server.CallAsync("SET", (await server.CallAsync("KEYS", "*:s:*"))[0].Text!, "broken", "KEEPTTL");
        var sound = await CreateAsync(store, 20);

        var walked = await EnumerateAsync(store, null, 3);

        Assert.That(walked.Select(static session => session.Id).Distinct(), Is.EquivalentTo(sound));
        Assert.That(reported.Warnings, Is.Not.Empty.And.All.Contains($"{broken}"));
    }

    [TestCase(@"a:*?[x]^-\")]
    [TestCase("*")]
    public async Task A_prefix_that_reads_as_a_pattern_is_none(string prefix)
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = Open(server, prefix);
        using var other = Open(server, @"a:bcx^-\");
        var sessions = await CreateAsync(store, 5);
        await CreateAsync(other, 5);

        Assert.That((await EnumerateAsync(store, null, 10)).Select(static session => session.Id).Distinct(), Is.EquivalentTo(sessions));
    }

    [Test]
    public async Task A_page_is_no_larger_than_a_server_can_read_while_others_wait()
    {
        await using var server = await RedisProcess.StartAsync();
        using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System);
        await CreateAsync(store, 1500);

        Assert.That((await store.FetchPageAsync(null, int.MaxValue, default))!.Sessions, Has.Count.InRange(1000, 1100));
    }

    private static RedisSessionStore Open(RedisProcess server, string prefix) =>
        new(new() { Configuration = server.Endpoint, KeyPrefix = prefix });

    private async Task<List<SessionId>> CreateAsync(RedisSessionStore store, int count)
    {
        var sessions = Enumerable.Range(0, count).Select(i => _samples.Create($"user {i}")).ToList();
        await Task.WhenAll(sessions.Select(session => store.CreateAsync(session, null, default).AsTask()));
        return [.. sessions.Select(static session => session.Id)];
    }

    private static async Task<List<Session>> EnumerateAsync(RedisSessionStore store, string? continuation, int limit)
    {
        var walked = new List<Session>();
        do
        {
            var page = await store.FetchPageAsync(continuation, limit, default);
            walked.AddRange(page!.Sessions);
            continuation = page.Continuation;
        } while (continuation is not null);

        return walked;
    }

    /// <summary>Asks until the connection is there again. Each call waits, within the driver, for it.</summary>
    private static async Task ConnectedAsync(RedisSessionStore store)
    {
        while (true)
        {
            try
            {
                await store.PrepareAsync(TestContext.CurrentContext.CancellationToken);
                return;
            }
            catch (SessionStoreException)
            {
                // Not yet.
            }
        }
    }
}
