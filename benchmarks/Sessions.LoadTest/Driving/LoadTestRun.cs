using Sessions.Bench;
using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>
/// All contenders side by side: each has its turn in every round, so that what changes on the machine meanwhile meets all of them.
/// </summary>
internal sealed class LoadTestRun(LoadTestOptions options) : IAsyncDisposable
{
    public const int ManyConnections = 64;

    private readonly List<ContenderProcess> _servers = [];
    private readonly LoadResults _results = new(options.Contenders);
    private BenchServer? _redis;
    private BenchServer? _postgres;

    public async Task<LoadResults> RunAsync()
    {
        Cores.MoveToLoad();
        await StartAsync();
        foreach (var server in _servers)
        {
            Console.WriteLine($"{server.Contender.Title}: signing in {SignIns.Sessions} sessions of {SignIns.Users} users, warming up");
            await server.SignInAsync();
            await WarmUpAsync(server);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.WriteLine($"Round {round} of {options.Rounds}");
            foreach (var server in _servers)
            {
                await PrepareAsync(server);
                await MeasureAsync(server, _results.Many, new(ManyConnections, options.Seconds));
                await MeasureAsync(server, _results.One, new(1, options.SecondsAlone));
            }
        }

        foreach (var server in _servers)
        {
            await server.CheckAsync();
        }

        await SignInRoundsAsync();
        return _results;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartAsync()
    {
        // Started from here, they are on the core of the load as this process is.
        _redis = await BenchServer.StartRedisAsync();
        _postgres = await BenchServer.StartPostgresAsync();
        foreach (var contender in options.Contenders)
        {
            if (await GetSkipReasonAsync(contender) is { } reason)
            {
                Console.WriteLine($"{contender.Title}: not measured, {reason}");
                _results.Absent[contender.Name] = reason;
            }
            else
            {
                _servers.Add(await ContenderProcess.StartAsync(contender, ConnectionOf(contender)));
            }
        }
    }

    /// <summary>
    /// The runtime compiles hot methods better in the background, some time after they turned out to be hot: on one core it needs the
    /// server to rest for that.
    /// </summary>
    private async Task WarmUpAsync(ContenderProcess server)
    {
        for (var i = 0; i < 3; i++)
        {
            await server.LoadAsync(new(ManyConnections, options.WarmUpSeconds));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>
    /// While others had their turn, all sessions became due to be written down as used, where a server that is never idle writes a few each
    /// second. That is done before it counts; others that write do it within the request, and have nothing to wait for.
    /// </summary>
    private static async Task PrepareAsync(ContenderProcess server)
    {
        await server.CheckAsync();
        if (SessionsContenders.IsOurs(server.Contender))
        {
            await Task.Delay(TimeSpan.FromSeconds(3));
        }
    }

    private async Task<string?> GetSkipReasonAsync(Contender contender) =>
        contender.Database == Database.Redis && _redis is null ? "no redis-server is installed"
        : contender.Database == Database.Postgres && _postgres is null ? "no PostgreSQL is installed"
        : contender == ExpressContender.Value ? await Express.InstallAsync()
        : null;

    private string ConnectionOf(Contender contender) =>
        contender.Database switch
        {
            Database.Redis => _redis!.ConnectionString,
            Database.Postgres => _postgres!.ConnectionString,
            _ => "",
        };

    /// <summary>Last, since they leave sessions behind. Caches have no part in them.</summary>
    private async Task SignInRoundsAsync()
    {
        var servers = _servers.Where(static server => !SessionsContenders.IsCached(server.Contender)).ToList();
        foreach (var server in servers)
        {
            await server.CheckAsync(SignIns.Users);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.WriteLine($"Sign-ins, round {round} of {options.Rounds}");
            foreach (var server in servers)
            {
                await MeasureAsync(server, _results.SignIns, new(ManyConnections, options.SecondsAlone, SignIns.Users));
            }
        }

        foreach (var server in servers)
        {
            await server.CheckAsync(SignIns.Users);
        }
    }

    private async Task MeasureAsync(ContenderProcess server, Dictionary<string, Series> series, WrkLoad load)
    {
        // The bare endpoint is its own neighbour, but for sign-ins, which are measured by its plain requests.
        var isPlain = server == _servers[0] && load.SignInUsers is null;
        var beside = load with { Seconds = 1, SignInUsers = null };
        var before = isPlain ? null : await LoadAsync(_servers[0], beside);
        var own = await LoadRevokingAsync(server, load);
        var bare = before is null ? own : Sample.Combine(before, await LoadAsync(_servers[0], beside));
        series[server.Contender.Name].Add(new(own, bare));
    }

    private async Task<Sample> LoadRevokingAsync(ContenderProcess server, WrkLoad load)
    {
        if (!server.Contender.IsRevokedMeanwhile || load.Connections == 1)
        {
            return await LoadAsync(server, load);
        }

        await using var revocations = await Revocations.BeginAsync(server, _redis!.ConnectionString);
        var sample = await LoadAsync(server, load);
        _results.MinRevocations = Math.Min(_results.MinRevocations, (double)revocations.Count / load.Seconds);
        return sample;
    }

    private static async Task<Sample> LoadAsync(ContenderProcess server, WrkLoad load)
    {
        var before = server.ProcessorTime;
        var result = await server.LoadAsync(load);
        return Sample.Create(result, server.ProcessorTime - before);
    }
}
