using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sessions.AspNetCore;
using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.AspNetCore;

/// <summary>An application with sessions in memory, on a manual clock, in process or on Kestrel.</summary>
internal sealed class SessionApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SessionApp(WebApplication app, HttpClient client, RecordingSessionStore store, ManualTimeProvider clock)
    {
        (_app, Client, Store, Clock) = (app, client, store, clock);
    }

    public HttpClient Client { get; }

    public RecordingSessionStore Store { get; }

    public ManualTimeProvider Clock { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => Client.BaseAddress!;

    public SessionManager Manager => Services.GetRequiredService<SessionManager>();

    public static async Task<SessionApp> StartAsync(
        Action<WebApplication> map,
        Action<SessionHttpOptions>? http = null,
        Action<SessionUpOptions>? options = null,
        Action<IServiceCollection>? services = null,
        bool kestrel = false
    )
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        if (kestrel)
        {
            builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer(server => server.BaseAddress = new Uri("https://localhost/"));
        }

        var clock = new ManualTimeProvider();
        var store = new RecordingSessionStore(new MemorySessionStore(clock));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSessionUp(options).UseStore(_ => store).ConfigureHttp(http ?? (static _ => { }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new SessionApp(app, kestrel ? KestrelClient(app) : app.GetTestClient(), store, clock);
    }

    /// <summary>Begins a session without HTTP.</summary>
    public async Task<IssuedSession> SignInAsync(string userKey = "ann", SessionInit? init = null)
    {
        var issued = await Manager.InitAsync(userKey, init);
        Store.Forget();
        return issued;
    }

    /// <summary>Sends a request that shows a token in the default cookie.</summary>
    public Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        SessionToken? token = null,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is { } shown)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"{SessionHttpOptions.DefaultCookieName}={shown.Reveal()}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<string> GetAsync(string path, SessionToken? token = null)
    {
        using var response = await SendAsync("GET", path, token);
        return await response.Content.ReadAsStringAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static HttpClient KestrelClient(WebApplication app) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
}
