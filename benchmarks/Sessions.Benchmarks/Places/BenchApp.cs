using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sessions.Stores;

namespace Sessions.Bench.Places;

/// <summary>A node: sessions set up and started as in any application, without the web around them.</summary>
internal sealed class BenchApp : IAsyncDisposable
{
    private readonly IHost _host;

    private BenchApp(IHost host)
    {
        _host = host;
        Manager = host.Services.GetRequiredService<SessionManager>();
        Store = host.Services.GetRequiredService<ISessionStore>();
    }

    public SessionManager Manager { get; }

    public ISessionStore Store { get; }

    /// <summary>Starts a node over a place; several may share one.</summary>
    /// <param name="place">Outlives the node.</param>
    /// <param name="configure">What differs from the defaults.</param>
    /// <param name="cache">Whether sessions are remembered in process.</param>
    /// <param name="time">Another clock than the system's.</param>
    public static async Task<BenchApp> StartAsync(
        BenchmarkStore place,
        Action<SessionUpOptions>? configure = null,
        bool cache = false,
        TimeProvider? time = null
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        var sessions = builder.Services.AddSessionUp(configure);
        place.Use(sessions);
        if (cache)
        {
            sessions.UseCache();
        }

        var host = builder.Build();
        await host.StartAsync();
        return new(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
