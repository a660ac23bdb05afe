using NUnit.Framework;

namespace Sessions.Tests.Servers;

public sealed class ServerProcessTests
{
    [Test]
    public async Task A_shared_server_says_its_version()
    {
        var server = await TestServers.RedisAsync();

        Assert.That(Version.Parse(server.Version).Major, Is.GreaterThanOrEqualTo(7));
        Assert.That(TestServers.Report, Does.Contain(server.ToString()));
    }

    [Test]
    public async Task Where_a_container_is_wanted_no_process_will_do()
    {
        foreach (var shared in new[] { TestServers.RedisContainer, TestServers.PostgresContainer })
        {
            var server = await shared.GetAsync();

            Assert.That(server.Engine, Is.EqualTo("container"));
            Assert.That(TestServers.Report, Does.Contain(server.ToString()));
        }
    }

    [Test]
    public async Task A_server_that_is_killed_comes_back_with_its_port_and_its_data_and_leaves_no_folder_behind()
    {
        var server = await RedisProcess.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await server.CallAsync("SET", "key", "value");
        var port = server.Port;

        await server.KillAsync();
        Assert.That(async () => await server.CallAsync("PING"), Throws.InstanceOf<System.Net.Sockets.SocketException>());
        await server.RestartAsync();
        Assert.That(server.Port, Is.EqualTo(port));
        Assert.That((await server.CallAsync("GET", "key")).Text, Is.EqualTo("value"));

        await server.DisposeAsync();
        Assert.That(Directory.Exists(server.Folder), Is.False);
    }

    [Test]
    public async Task A_port_that_is_taken_is_noticed_and_another_one_used()
    {
        await using var first = await RedisProcess.StartAsync();
        var folder = ServerFiles.NewFolder();

        var second = await ServerProcess.StartAsync(
            folder,
            "Ready to accept connections",
            "Address already in use",
            RedisProcess.Program!,
            "--bind",
            "127.0.0.1",
            "--port",
            $"{first.Port}"
        );

        Assert.That(second, Is.Null);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void A_server_that_cannot_start_says_why()
    {
        Assert.That(
            async () => await RedisProcess.StartAsync("--maxmemory-policy", "nonsense"),
            Throws.InstanceOf<InvalidOperationException>().With.Message.Contains("maxmemory-policy")
        );
    }

    [Test]
    public void A_missing_server_is_a_failure_in_CI_and_a_reason_to_skip_elsewhere()
    {
        var before = Environment.GetEnvironmentVariable("CI");
        try
        {
            Environment.SetEnvironmentVariable("CI", "true");
            Assert.That(TestServers.Redis.Missing(), Is.InstanceOf<AssertionException>());
            Assert.That(TestServers.RedisContainer.Missing(), Is.InstanceOf<AssertionException>().With.Message.Contains("start Docker"));
            Environment.SetEnvironmentVariable("CI", null);
            Assert.That(TestServers.Redis.Missing(), Is.InstanceOf<IgnoreException>().With.Message.Contains("install redis-server"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("CI", before);
        }
    }
}
