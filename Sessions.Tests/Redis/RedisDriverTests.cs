using System.Globalization;
using System.Reflection;
using NUnit.Framework;
using Sessions.Redis;
using Sessions.Tests.Building;
using Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

[CancelAfter(60_000)]
public sealed class RedisDriverTests
{
    // What Sessions.Tests.csproj says when it is built for the second run.
    private static bool IsNewest =>
        typeof(RedisDriverTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Any(static data => data is { Key: "NewestDrivers", Value: "true" });

    [Test]
    public void The_driver_is_the_one_that_the_tests_were_built_for() =>
        Assert.That(RedisDriver.Version, Is.EqualTo(Pinned(IsNewest ? "Update" : "Include")));

    [Test]
    public void The_store_is_compiled_against_the_floor_whatever_driver_it_runs_with()
    {
        var compiledAgainst = typeof(RedisSessionStore)
            .Assembly.GetReferencedAssemblies()
            .Single(static name => name.Name == "StackExchange.Redis");

        Assert.That(compiledAgainst.Version!.Major, Is.EqualTo(Version.Parse(Pinned("Include")).Major));
    }

    [TestCase(",protocol=resp2", 2)]
    [TestCase(",protocol=resp3", 3)]
    public async Task Every_connection_speaks_the_protocol_that_the_store_was_configured_with(string protocol, int version) =>
        Assert.That(await ProtocolsAsync(protocol), Is.Not.Empty.And.All.EqualTo(version));

    [Test]
    public async Task Without_a_protocol_in_the_configuration_connections_speak_RESP3() =>
        Assert.That(await ProtocolsAsync(""), Is.Not.Empty.And.All.EqualTo(3));

    /// <summary>The protocols of the connections that a store with a listener has, as the server knows them.</summary>
    private static async Task<List<int>> ProtocolsAsync(string configuration)
    {
        var name = RedisTestPrefix.Next();
        var server = await TestServers.RedisAsync();
        // The driver keeps CLIENT for administrators.
        configuration = $"{server.ConnectionString}{configuration},name={name},allowAdmin=true";
        using var connection = RedisConnection.Create(new() { Configuration = configuration });
        var multiplexer = await connection.GetAsync(default);
        await multiplexer.GetSubscriber().SubscribeAsync(RedisChannel.Literal(name), static (_, _) => { });

        var clients = (string)(await multiplexer.GetDatabase().ExecuteAsync("CLIENT", "LIST"))!;

        return
        [
            .. clients
                .Split('\n')
                .Where(client => client.Contains($" name={name} ", StringComparison.Ordinal))
                .Select(static client => int.Parse(client.Split(" resp=")[1].Split(' ')[0], CultureInfo.InvariantCulture)),
        ];
    }

    private static string Pinned(string attribute) =>
        Repository
            .Load("Directory.Packages.props")
            .Descendants("PackageVersion")
            .Single(pin => (string?)pin.Attribute(attribute) == "StackExchange.Redis")
            .Attribute("Version")!
            .Value;
}
