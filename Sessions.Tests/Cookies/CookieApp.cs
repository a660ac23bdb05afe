using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sessions.Testing;
using Sessions.Tests.AspNetCore;

namespace Sessions.Tests.Cookies;

/// <summary>What most tests keep in a cookie.</summary>
internal sealed record Visit(int Count, string? User = null);

/// <summary>An application with cookie sessions named <c>visit</c>, on a manual clock, in process or on Kestrel, and one browser.</summary>
internal sealed class CookieApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CookieApp(WebApplication app, CookieBrowser browser, ManualTimeProvider clock)
    {
        (_app, Browser, Clock) = (app, browser, clock);
    }

    public CookieBrowser Browser { get; }

    public ManualTimeProvider Clock { get; }

    /// <summary>What was not accepted, in order.</summary>
    public List<CookieSessionRejectedContext> Rejected { get; } = [];

    /// <summary>A key as good as a random one, the same for the same name.</summary>
    public static CookieKey Key(string name = "key") => CookieKey.FromBytes(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static Action<CookieSessionOptions> Protection(string protection, params CookieKey[] keys) =>
        options =>
        {
            if (protection == "encrypted")
            {
                options.Encrypt(keys.Length == 0 ? [Key()] : keys);
            }
            else if (protection == "signed")
            {
                options.Sign(keys.Length == 0 ? [Key()] : keys);
            }
        };

    public static async Task<CookieApp> StartAsync(
        Action<CookieSessionOptions>? options = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null,
        ManualTimeProvider? clock = null,
        bool kestrel = false
    )
    {
        var builder = TestWebHost.CreateBuilder(kestrel);
        clock ??= new ManualTimeProvider();
        CookieApp? started = null;
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddCookieSessions<Visit>("visit", options ?? (static o => o.Encrypt(Key())));
        builder.Services.Configure<CookieSessionOptions>(
            "visit",
            o =>
                o.OnRejected += rejected =>
                {
                    started!.Rejected.Add(rejected);
                    return ValueTask.CompletedTask;
                }
        );
        services?.Invoke(builder.Services);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapGet("/", (HttpContext http) => Text(http.GetCookieSession<Visit>("visit").Get()));
        app.MapGet("/untouched", () => "nobody asked");
        app.MapPost("/set/{count:int}", (HttpContext http, int count) => http.GetCookieSession<Visit>("visit").Set(new Visit(count)));
        app.MapPost("/clear", (HttpContext http) => http.GetCookieSession<Visit>("visit").Clear());
        await app.StartAsync();
        started = new CookieApp(app, new CookieBrowser(TestWebHost.CreateClient(app, kestrel)), clock);
        return started;
    }

    public static string Text(Visit? visit) => visit is null ? "stranger" : $"visit {visit.Count}";

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await _app.DisposeAsync();
    }
}
