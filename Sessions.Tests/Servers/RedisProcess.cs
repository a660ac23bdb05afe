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

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Where the server keeps its data, and files of the test beside it.</summary>
    public string Folder => _folder;

    /// <summary>The program, or null when none is installed.</summary>
    public static string? Program => ServerFiles.FindProgram("redis-server", "/usr/bin", "/usr/local/bin");

    /// <summary>Starts a server with further settings, as on Redis' command line.</summary>
    public static Task<RedisProcess> StartAsync(params string[] settings) => StartAsync(ServerFiles.NewFolder(), settings);

    /// <inheritdoc cref="StartAsync(string[])"/>
    /// <param name="folder">A folder from <see cref="ServerFiles.NewFolder"/> that the settings may mention; removed with the server.</param>
    /// <param name="settings">On Redis' command line; <c>{port}</c> stands for the port.</param>
    public static async Task<RedisProcess> StartAsync(string folder, params string[] settings)
    {
        var redis = new RedisProcess(Program ?? throw TestServers.Redis.Missing(), folder, settings);
        do
        {
            redis.Port = ServerFiles.NextPort();
        } while (!await redis.TryStartAsync());

        return redis;
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
            .Select(setting => setting.Replace("{port}", Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        _server = await ServerProcess.StartAsync(_folder, "Ready to accept connections", "Address already in use", [_program, .. command]);
        return _server is not null;
    }
}
