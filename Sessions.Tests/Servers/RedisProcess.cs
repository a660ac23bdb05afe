using System.Globalization;

namespace Sessions.Tests.Servers;

/// <summary>A Redis server of a test's own, on a loopback port, that the test may kill and restart.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly string _program;
    private readonly string[] _settings;
    private readonly string _folder;
    private ServerProcess? _server;

    private RedisProcess(string program, string folder, string[] settings)
    {
        (_program, _folder, _settings) = (program, folder, settings);
    }

    public int Port { get; private set; }

    /// <summary>Where the nodes of a cluster talk to each other.</summary>
    public int BusPort { get; private set; }

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Where the server keeps its data, and files of the test beside it.</summary>
    public string Folder => _folder;

    /// <summary>The program, or null when none is installed.</summary>
    public static string? Program => ServerFiles.FindProgram("redis-server", "/usr/bin", "/usr/local/bin");

    /// <summary>Starts a server with further settings, as on Redis' command line.</summary>
    public static Task<RedisProcess> StartAsync(params string[] settings) => StartInAsync(ServerFiles.NewFolder(), settings);

    /// <inheritdoc cref="StartAsync"/>
    /// <param name="folder">A folder from <see cref="ServerFiles.NewFolder"/> that the settings may mention; removed with the
    /// server.</param>
    /// <param name="settings">On Redis' command line; <c>{port}</c> and <c>{bus}</c> stand for the ports.</param>
    public static async Task<RedisProcess> StartInAsync(string folder, params string[] settings)
    {
        var redis = new RedisProcess(Program ?? throw TestServers.Redis.Missing(), folder, settings);
        do
        {
            (redis.Port, redis.BusPort) = (ServerFiles.NextPort(), ServerFiles.NextPort());
        } while (!await redis.TryStartAsync());

        return redis;
    }

    /// <summary>Waits until the server writes something to its log, unless it has already.</summary>
    public Task WaitForOutputAsync(string text) => _server!.WaitForOutputAsync(text);

    /// <summary>Sends one command on a connection of its own.</summary>
    public async Task<RedisReply> CallAsync(params string[] command)
    {
        await using var wire = await RedisTestClient.ConnectAsync(Port);
        return await wire.CallAsync(command);
    }

    /// <summary>Kills the server as a power cut would, except that what the system has taken for writing is kept.</summary>
    public async Task KillAsync()
    {
        if (_server is not null)
        {
            await _server.KillAsync();
            _server = null;
        }
    }

    /// <summary>Stops the server in the middle of whatever it does, until what is returned is disposed.</summary>
    public async Task<PausedProcesses> PauseAsync()
    {
        var info = (await CallAsync("INFO", "server")).Text!;
        return await PausedProcesses.PauseAsync(int.Parse(info.Split("process_id:")[1].Split('\r')[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Starts the killed server again, with its port and its data.</summary>
    public async Task RestartAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException($"Somebody took port {Port} meanwhile.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        else if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<bool> TryStartAsync()
    {
        string[] own = ["--bind", "127.0.0.1", "--port", "{port}", "--dir", _folder, "--save", "", "--appendonly", "no"];
        var command = own.Concat(_settings)
            .Select(setting =>
                setting
                    .Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                    .Replace("{bus}", BusPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            );
        _server = await ServerProcess.StartAsync(_folder, "Ready to accept connections", "Address already in use", [_program, .. command]);
        if (_server is null)
        {
            return false;
        }

        TestServers.RecordUse($"Redis {VersionIn(_server.Log)} (process)");
        return true;
    }

    private static string VersionIn(string log) => log.Split("Redis version=")[1].Split(',')[0];
}
