using Sessions.Bench;
using Sessions.LoadTest.Contenders;

namespace Sessions.LoadTest.Driving;

/// <summary>All contenders side by side: each has its turn in every round, so that what changes on the machine meanwhile meets all of them.</summary>
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
            await SignIns.RunAsync(server);
            await WarmUpAsync(server);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.WriteLine($"Round {round} of {options.Rounds}");
            foreach (var server in _servers)
            {
                // While others had their turn, its code and its sessions left the caches of the processor, and every session is to be seen again.
                await server.LoadAsync(new(ManyConnections, 1));
                await MeasureAsync(server, _results.Many, new(ManyConnections, options.Seconds));
                await MeasureAsync(server, _results.One, new(1, options.SecondsAlone));
            }
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
            if (await WhyNotAsync(contender) is { } reason)
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

    /// <summary>The runtime compiles hot methods better in the background, some time after they turned out to be hot: on one core it needs the server to rest for that.</summary>
    private async Task WarmUpAsync(ContenderProcess server)
    {
        for (var i = 0; i < 3; i++)
        {
            await server.LoadAsync(new(ManyConnections, options.WarmUpSeconds));
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private async Task<string?> WhyNotAsync(Contender contender) =>
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
        var servers = _servers.Where(static server => !OurContenders.IsCached(server.Contender)).ToList();
        foreach (var server in servers)
        {
            await server.LoadAsync(new(ManyConnections, 1, SignIns.Users));
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            Console.WriteLine($"Sign-ins, round {round} of {options.Rounds}");
            foreach (var server in servers)
            {
                await MeasureAsync(server, _results.SignIns, new(ManyConnections, options.SecondsAlone, SignIns.Users));
            }

            await MeasureAsync(servers[0], _results.BesideSignIns, new(ManyConnections, options.SecondsAlone));
        }
    }

    private async Task MeasureAsync(ContenderProcess server, Dictionary<string, Series> series, WrkLoad load)
    {
        await using var revocations =
            server.Contender.IsRevokedMeanwhile && load.Connections > 1
                ? await Revocations.BeginAsync(server, _redis!.ConnectionString)
                : null;
        var before = server.ProcessorTime;
        var result = await server.LoadAsync(load);
        var used = server.ProcessorTime - before;
        series[server.Contender.Name].Add(new(result, used.TotalMicroseconds / result.Requests));
        if (revocations is not null)
        {
            _results.LeastRevocations = Math.Min(_results.LeastRevocations, (double)revocations.Count / load.Seconds);
        }
    }
}
