using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Sessions.Tests.Servers;

/// <summary>A PostgreSQL server of a test's own, on a loopback port, that the test may kill and restart.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private readonly string[] _settings;
    private ServerProcess? _server;

    private PostgresProcess(string folder, string[] settings)
    {
        (Folder, _settings) = (folder, settings);
    }

    public int Port { get; private set; }

    /// <summary>Where the server keeps its socket, its data (in <c>data</c>), and files of the test beside it.</summary>
    public string Folder { get; }

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = "postgres",
            Database = "postgres",
        }.ConnectionString;

    /// <summary>Whether the programs are installed.</summary>
    public static bool IsInstalled => FindProgram("postgres") is not null;

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Starts a server with further settings, such as <c>fsync=off</c>.</summary>
    public static async Task<PostgresProcess> StartAsync(params string[] settings)
    {
        var postgres = new PostgresProcess(await NewFolderAsync(), settings);
        await RunAsync("initdb", "-D", postgres.Data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        return await postgres.StartOnFreePortAsync();
    }

    /// <summary>Starts a replica of a running server, which follows it without being waited for.</summary>
    public static async Task<PostgresProcess> StartReplicaAsync(PostgresProcess primary, params string[] settings)
    {
        var replica = new PostgresProcess(await NewFolderAsync(), settings);
        await RunAsync(
            "pg_basebackup",
            [
                "-D",
                replica.Data,
                "-h",
                "127.0.0.1",
                "-p",
                primary.Port.ToString(CultureInfo.InvariantCulture),
                "-U",
                "postgres",
                "--write-recovery-conf",
                "--checkpoint=fast",
                "--no-sync",
            ]
        );
        return await replica.StartOnFreePortAsync();
    }

    /// <summary>Kills every process of the server at once, as a power cut would, except that what the system has taken for writing is kept.</summary>
    public async Task KillAsync()
    {
        if (_server is null)
        {
            return;
        }

        var children = ChildrenOf(await PostmasterAsync());
        await _server.KillAsync();
        _server = null;
        foreach (var child in children)
        {
            using (child)
            {
                child.Kill();
                await child.WaitForExitAsync();
            }
        }
    }

    /// <summary>Stops every process of the server in the middle of whatever it does, until what is returned is disposed.</summary>
    public async Task<PausedProcesses> PauseAsync()
    {
        var postmaster = await PostmasterAsync();
        return await PausedProcesses.PauseAsync([postmaster, .. ChildrenOf(postmaster).Select(static child => child.Id)]);
    }

    /// <summary>Starts the killed server again, with its port and its data.</summary>
    public async Task RestartAsync()
    {
        if (!await TryStartAsync())
        {
            throw new InvalidOperationException($"Somebody took port {Port} meanwhile.");
        }
    }

    /// <summary>Makes a replica the primary.</summary>
    public Task PromoteAsync() => RunAsync("pg_ctl", "promote", "-D", Data, "--wait");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        else if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>A command as the user that database programs accept: they refuse to run as root.</summary>
    public static string[] AsOrdinaryUser(params string[] command) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", .. command] : command;

    /// <summary>A folder for that user.</summary>
    public static async Task<string> NewFolderAsync()
    {
        var folder = ServerFiles.NewFolder();
        if (Environment.IsPrivilegedProcess)
        {
            await RunToEndAsync(["chown", "postgres", folder]);
        }

        return folder;
    }

    private static string? FindProgram(string name)
    {
        // Debian keeps the programs of each version apart.
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian) ? Directory.GetDirectories(debian) : [];
        return ServerFiles.FindProgram(
            name,
            [.. versions.OrderDescending(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin"))]
        );
    }

    private static Task RunAsync(string program, params string[] arguments) =>
        RunToEndAsync(AsOrdinaryUser([FindProgram(program) ?? throw TestServers.Postgres.Missing(), .. arguments]));

    private static async Task RunToEndAsync(string[] command)
    {
        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = "/",
            }
        )!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await said}{await complained}");
        }
    }

    private async Task<int> PostmasterAsync() =>
        int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);

    private static List<Process> ChildrenOf(int parent) =>
        [
            .. Process
                .GetProcesses()
                .Where(process =>
                {
                    try
                    {
                        // "pid (name) state parent ...", and the name may hold anything.
                        var state = File.ReadAllText($"/proc/{process.Id}/stat");
                        return state[(state.LastIndexOf(')') + 2)..].Split(' ')[1] == parent.ToString(CultureInfo.InvariantCulture);
                    }
                    catch (IOException)
                    {
                        // It ended while we looked.
                        return false;
                    }
                }),
        ];

    private async Task<PostgresProcess> StartOnFreePortAsync()
    {
        do
        {
            Port = ServerFiles.NextPort();
        } while (!await TryStartAsync());

        return this;
    }

    private async Task<bool> TryStartAsync()
    {
        string[] settings =
        [
            $"port={Port}",
            "listen_addresses=127.0.0.1",
            $"unix_socket_directories={Folder}",
            "max_connections=300",
            .. _settings,
        ];
        _server = await ServerProcess.StartAsync(
            Folder,
            "database system is ready to accept",
            "Address already in use",
            AsOrdinaryUser([FindProgram("postgres")!, "-D", Data, .. settings.SelectMany(static setting => new[] { "-c", setting })])
        );
        return _server is not null;
    }
}
