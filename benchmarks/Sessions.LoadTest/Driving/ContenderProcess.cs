using System.Diagnostics;
using System.Globalization;
using Sessions.LoadTest.Contenders;
using Sessions.Tests.Servers;

namespace Sessions.LoadTest.Driving;

/// <summary>A contender that runs on the core of the servers. It ends with the driver, however that ends.</summary>
internal sealed class ContenderProcess : IAsyncDisposable
{
    private readonly ServerProcess _server;
    private readonly Process _process;

    private ContenderProcess(Contender contender, ServerProcess server, string address, int processId)
    {
        (Contender, _server, Address) = (contender, server, address);
        _process = Process.GetProcessById(processId);
    }

    public Contender Contender { get; }

    public string Address { get; }

    /// <summary>A file with the cookie of every session.</summary>
    public required string Cookies { get; init; }

    /// <summary>Processor time that it has used so far, by the system's count of the process.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ContenderProcess> StartAsync(Contender contender, string connection)
    {
        var folder = ServerFiles.NewFolder();
        string[] command = contender.Configure is null
            ? ["env", "NODE_ENV=production", "node", Express.Script, connection]
            : ["dotnet", Environment.GetCommandLineArgs()[0], "serve", contender.Name, connection];
        var server =
            await ServerProcess.StartAsync(folder, ContenderSite.Ready, "address already in use", ["taskset", .. Cores.ForServer(command)])
            ?? throw new InvalidOperationException($"{contender.Name} found no port.");
        var words = server
            .Log.Split('\n')
            .Last(static line => line.StartsWith(ContenderSite.Ready, StringComparison.Ordinal))
            .Trim()
            .Split(' ');
        return new(contender, server, words[1], int.Parse(words[2], CultureInfo.InvariantCulture))
        {
            Cookies = Path.Combine(folder, "cookies.txt"),
        };
    }

    /// <summary>Signs in all users, and keeps their cookies.</summary>
    /// <exception cref="InvalidOperationException">There was an answer that is an error.</exception>
    public async Task SignInAsync()
    {
        try
        {
            await SignIns.RunAsync(Address, Cookies);
        }
        catch (InvalidOperationException e)
        {
            throw Failed(e);
        }
    }

    /// <exception cref="InvalidOperationException">There was an answer that is an error, or none.</exception>
    public async Task<WrkResult> LoadAsync(WrkLoad load)
    {
        try
        {
            return await Wrk.RunAsync(Address, Cookies, load);
        }
        catch (InvalidOperationException e)
        {
            throw Failed(e);
        }
    }

    /// <summary>A second that does not count, in which every answer is looked at.</summary>
    /// <inheritdoc cref="LoadAsync"/>
    public Task CheckAsync(int? signInUsers = null) => LoadAsync(new(LoadTestRun.ManyConnections, 1, signInUsers) { IsChecked = true });

    public async ValueTask DisposeAsync()
    {
        _process.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>What went wrong, and what the server says of it.</summary>
    private InvalidOperationException Failed(InvalidOperationException e) =>
        new($"{Contender.Title}: {e.Message}{Environment.NewLine}{_server.Log}", e);
}
