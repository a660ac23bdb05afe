using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Testing;

namespace Sessions.Tests.AspNetCore;

/// <summary>An application with sessions in memory, on a manual clock, in process or on Kestrel.</summary>
internal sealed class SessionApp : IAsyncDisposable
{
    private const StoreOperations Requests = StoreOperations.All & ~(StoreOperations.Prepare | StoreOperations.DeleteExpired);

    private readonly WebApplication _app;
    private int _storeCallsBefore;

    private SessionApp(WebApplication app, HttpClient client, FailingSessionStore store, ManualTimeProvider clock)
    {
        (_app, Client, Store, Clock) = (app, client, store, clock);
    }

    public HttpClient Client { get; }

    public FailingSessionStore Store { get; }

    public ManualTimeProvider Clock { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => Client.BaseAddress!;

    /// <summary>How often the store was asked since the last sign-in without HTTP.</summary>
    public int StoreCalls => Store.CountCalls(Requests) - _storeCallsBefore;

    public SessionManager Manager => Services.GetRequiredService<SessionManager>();

    public SessionAdministration Administration => Services.GetRequiredService<SessionAdministration>();

    public static async Task<SessionApp> StartAsync(
        Action<WebApplication> map,
        Action<SessionHttpOptions>? http = null,
        Action<SessionUpOptions>? options = null,
        Action<IServiceCollection>? services = null,
        bool kestrel = false,
        bool hasFeed = true,
        (ISessionStore Store, ManualTimeProvider Clock)? backend = null
    )
    {
        var builder = TestWebHost.CreateBuilder(kestrel);
        var clock = backend?.Clock ?? new ManualTimeProvider();
        var inner = backend?.Store ?? new MemorySessionStore(time: clock);
        var store = new FailingSessionStore(hasFeed ? inner : new PlainStore(inner));
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSessionUp(options).UseStore(_ => store).ConfigureHttp(http ?? (static _ => { }));
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new SessionApp(app, TestWebHost.CreateClient(app, kestrel), store, clock);
    }

    /// <summary>Begins a session without HTTP.</summary>
    public async Task<IssuedSession> SignInAsync(string userKey = "ann", SessionInit? init = null)
    {
        var issued = await Manager.InitAsync(userKey, init);
        ResetStoreCalls();
        return issued;
    }

    public void ResetStoreCalls() => _storeCallsBefore = Store.CountCalls(Requests);

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
}
