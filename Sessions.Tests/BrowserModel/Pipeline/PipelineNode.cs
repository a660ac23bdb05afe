using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Sessions.Stores;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>A host with the application of the model: everything is as in a real one but the server, which is the simulation.</summary>
internal sealed class PipelineNode : IDisposable
{
    private readonly WebApplication _app;
    private readonly ModelHttpServer _server = new();

    /// <param name="application">Its endpoints.</param>
    /// <param name="store">Its way to the store.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="configure">The options of its sessions.</param>
    public PipelineNode(ModelApplication application, ISessionStore store, TimeProvider clock, Action<SessionUpOptions> configure)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton<IServer>(_server);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(clock);
        builder.Services.AddSessionUp(configure).UseStore(_ => store);
        _app = builder.Build();
        _app.UseRouting();
        application.Map(_app);
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public Task HandleAsync(ModelExchange exchange) => _server.HandleAsync(exchange);

    public void Dispose()
    {
        _app.StopAsync().GetAwaiter().GetResult();
        ((IDisposable)_app).Dispose();
    }
}
