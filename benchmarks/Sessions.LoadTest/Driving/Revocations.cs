namespace Sessions.LoadTest.Driving;

/// <summary>
/// Another node that ends 50 sessions a second, each just after its user came by on the node under test, so that it is in the cache there.
/// </summary>
internal sealed class Revocations : IAsyncDisposable
{
    public const int PerSecond = 50;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceProvider _services;
    private readonly HttpClient _client;
    private Task _running = Task.CompletedTask;
    private int _count;

    private Revocations(ContenderProcess server, string connection)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSessionUp().UseRedis(connection);
        _services = services.BuildServiceProvider();
        _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(server.Address) };
    }

    /// <summary>How many there were so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Begins, when the first has gone well and connections are made.</summary>
    public static async Task<Revocations> BeginAsync(ContenderProcess server, string connection)
    {
        var revocations = new Revocations(server, connection);
        await revocations.RevokeOneAsync("leaver");
        revocations._running = revocations.RunAsync();
        return revocations;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        _client.Dispose();
        await _services.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PerSecond));
        // Begun by the clock, whether or not the server under load has answered the last ones.
        var begun = new List<Task>();
        try
        {
            while (await ticks.WaitForNextTickAsync(_stopping.Token))
            {
                begun.Add(RevokeOneAsync($"leaver{begun.Count % SignIns.Users}"));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(begun);
        }
    }

    private async Task RevokeOneAsync(string user)
    {
        var manager = _services.GetRequiredService<SessionManager>();
        var issued = await manager.InitAsync(user);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("Cookie", $"__Host-sid={issued.Token.Reveal()}");
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await new SessionAdministration(manager).RevokeAsync(issued.Session.Id);
        Interlocked.Increment(ref _count);
    }
}
