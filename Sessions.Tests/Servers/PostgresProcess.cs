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
    public static bool IsInstalled => PostgresPrograms.Find("postgres") is not null;

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Starts a server with further settings, such as <c>fsync=off</c>.</summary>
    public static async Task<PostgresProcess> StartAsync(params string[] settings)
    {
        var postgres = new PostgresProcess(await PostgresPrograms.NewFolderAsync(), settings);
        await PostgresPrograms.InitializeAsync(Find("initdb"), postgres.Data, "--no-sync");
        return await postgres.StartOnFreePortAsync();
    }

    /// <summary>Starts a replica of a running server, which follows it without being waited for.</summary>
    public static async Task<PostgresProcess> StartReplicaAsync(PostgresProcess primary, params string[] settings)
    {
        var replica = new PostgresProcess(await PostgresPrograms.NewFolderAsync(), settings);
        await PostgresPrograms.RunAsync(
            Find("pg_basebackup"),
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
            "--no-sync"
        );
        return await replica.StartOnFreePortAsync();
    }

    /// <summary>
    /// Kills every process of the server at once, as a power cut would, except that what the system has taken for writing is kept.
    /// </summary>
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
    public Task PromoteAsync() => PostgresPrograms.RunAsync(Find("pg_ctl"), "promote", "-D", Data, "--wait");

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

    private static string Find(string program) => PostgresPrograms.Find(program) ?? throw TestServers.Postgres.Missing();

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
        _server = await ServerProcess.StartAsync(
            Folder,
            "database system is ready to accept",
            "Address already in use",
            PostgresPrograms.ServerCommand(Find("postgres"), Folder, Data, Port, _settings)
        );
        return _server is not null;
    }
}
