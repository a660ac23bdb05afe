using System.Net;
using System.Net.Sockets;
using Garnet;
using Garnet.server;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisServerCheckTests
{
    private const string Redis7 = "redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n";
    private const string Advice = "Use Redis 7.0 or newer, or Valkey.";

    [TestCase(true)]
    [TestCase(false)]
    public async Task Garnet_is_refused_at_start_by_its_name(bool lua)
    {
        using var garnet = StartGarnet(lua, out var endpoint);
        await using var store = new RedisTestStores().Create(endpoint, TimeProvider.System);

        Assert.That(
            async () => await store.PrepareAsync(default),
            Throws
                .InstanceOf<SessionConfigurationException>()
                .With.Message.Matches($"^The server is Garnet [0-9.]+, whose Lua lacks what the scripts of sessions need. {Advice}$")
        );
    }

    [TestCase("valkey_version:8.1.1\r\nserver_name:valkey\r\nredis_version:7.2.4\r\nmaxmemory_policy:noeviction")]
    [TestCase("# Server\r\nredis_version:7.0.0\r\n\r\n# Memory\r\nmaxmemory_policy:noeviction")]
    [TestCase("redis_version:255.255.255\r\nmaxmemory_policy:noeviction")]
    public void What_has_all_that_sessions_need_is_accepted(string info) => Assert.That(new RedisServerInfo(info).Check, Throws.Nothing);

    [TestCase(
        "redis_version:6.2.14\r\nmaxmemory_policy:noeviction",
        "The server says that it is Redis 6.2.14, which is too old for sessions."
    )]
    [TestCase(
        "redis_version:6.3.4\r\nmaxmemory_policy:noeviction\r\n# KeyDB\r\nmvcc_depth:0",
        "The server says that it is Redis 6.3.4, which"
    )]
    [TestCase(
        "redis_version:7.4.0\r\ndragonfly_version:df-v1.40.1\r\nmaxmemory_policy:noeviction",
        "The server is Dragonfly df-v1.40.1, whose Lua lacks"
    )]
    [TestCase("redis_version:7.0.0\r\nkvrocks_version:2.11.1", "its INFO has no maxmemory_policy.")]
    [TestCase("redis_version:7.0.0\r\nmaxmemory_policy:", "its INFO has no maxmemory_policy.")]
    [TestCase("server_name:other\r\nmaxmemory_policy:noeviction", "The server does not say which version of Redis it is compatible with.")]
    [TestCase("redis_version:\r\nmaxmemory_policy:noeviction", "The server does not say which version of Redis it is compatible with.")]
    [TestCase("", "The server does not say which version of Redis it is compatible with.")]
    public void What_lacks_something_is_refused_in_a_sentence_that_is_true(string info, string sentence) =>
        Assert.That(
            new RedisServerInfo(info).Check,
            Throws.InstanceOf<SessionConfigurationException>().With.Message.Contains(sentence).And.Message.EndsWith(Advice)
        );

    [Test]
    public async Task A_server_that_runs_no_scripts_is_refused_at_start_in_its_own_words()
    {
        await using var server = await RedisProcess.StartAsync("--rename-command", "EVALSHA", "");
        await using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System);

        Assert.That(
            async () => await store.PrepareAsync(default),
            Throws
                .InstanceOf<SessionConfigurationException>()
                .With.Message.StartsWith($"The server cannot run the scripts of sessions. {Advice} It says: ERR unknown command")
        );
    }

    [Test]
    public async Task A_server_that_is_out_of_memory_is_accepted()
    {
        await using var server = await RedisProcess.StartAsync("--maxmemory", "1");
        await using var store = new RedisTestStores().Create(server.Endpoint, TimeProvider.System);

        Assert.That(async () => await store.PrepareAsync(default), Throws.Nothing);
    }

    private static GarnetServer StartGarnet(bool lua, out string endpoint)
    {
        while (true)
        {
            var address = new IPEndPoint(IPAddress.Loopback, ServerFiles.NextPort());
            var server = new GarnetServer(
                new GarnetServerOptions
                {
                    EndPoints = [address],
                    QuietMode = true,
                    EnableLua = lua,
                    LuaOptions = new(),
                }
            );
            try
            {
                server.Start();
                TestServers.RecordUse($"Garnet {typeof(GarnetServer).Assembly.GetName().Version!.ToString(3)} (in the tests' process)");
                endpoint = address.ToString();
                return server;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                server.Dispose();
            }
        }
    }
}
