using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Tests.AspNetCore;
using Sessions.Tests.Servers;

namespace Sessions.Tests.Nodes;

/// <summary>
/// A shared cache, a real nginx that keeps what its headers allow, in front of a page of each module: what was made for one user is served
/// to no other client, whatever the page says of caching.
/// </summary>
[Parallelizable]
public sealed class SharedCacheTests
{
    private const string Allowed = "public, max-age=60";

    private static readonly string[] s_cacheHeaders = ["X-Accel-Expires", "CDN-Cache-Control", "Surrogate-Control"];
    private static readonly TokenCookie TokenCookie = new();

    private readonly Dictionary<string, string> _tokens = [];
    private SessionApp _app = null!;
    private NginxProcess _nginx = null!;
    private HttpClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _app = await SessionApp.StartAsync(Map, services: AddServices, kestrel: true);
        _nginx = await NginxProcess.StartAsync(
            _app.Address,
            "proxy_cache_path cache keys_zone=pages:1m;",
            "proxy_cache pages; proxy_pass_header X-Accel-Expires; add_header X-Cache $upstream_cache_status always;"
        );
        _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = _nginx.Address };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    [Test]
    public async Task A_page_of_each_module_is_served_to_the_user_it_was_made_for_and_to_no_other(
        [Values("session", "required", "cookie", "token")] string module,
        [Values("", "X-Accel-Expires", "CDN-Cache-Control", "Surrogate-Control", "later")] string header,
        [Values] bool strangerFirst
    )
    {
        var page = $"/{module}?header={header}&order={strangerFirst}";
        var (ann, bob) = (await SignInAsync(module, "ann"), await SignInAsync(module, "bob"));
        (string? Cookie, string Name)[] clients = [(ann, "ann"), (bob, "bob"), (null, "stranger"), (ann, "ann")];
        foreach (var (cookie, name) in strangerFirst ? clients.Reverse() : clients)
        {
            using var response = await GetAsync(page, cookie);

            Assert.That(await NameAsync(response), Is.EqualTo(name));
            Assert.That(response.Header("X-Cache"), cookie is null ? Is.Not.Null : Is.Not.EqualTo("HIT"));
            if (cookie is not null)
            {
                // Caches of other makes go by these, and this one by the first, if it came before Cache-Control.
                Assert.That(s_cacheHeaders.Where(field => response.Header(field) is not null), Is.Empty);
            }
        }
    }

    [TestCase("session")]
    [TestCase("cookie")]
    [TestCase("token")]
    public async Task What_was_made_for_no_user_is_served_from_the_cache_to_those_who_show_nothing(string module)
    {
        var page = $"/{module}?header=&order=none";
        using var first = await GetAsync(page, cookie: null);
        using var second = await GetAsync(page, cookie: null);

        Assert.That((first.Header("X-Cache"), second.Header("X-Cache")), Is.EqualTo(("MISS", "HIT")));
        Assert.That(await NameAsync(second), Is.EqualTo("stranger"));
    }

    private static async Task<string> NameAsync(HttpResponseMessage response) =>
        (int)response.StatusCode == 401 ? "stranger" : await response.TextAsync();

    private Task<HttpResponseMessage> GetAsync(string page, string? cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, page);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return _client.SendAsync(request);
    }

    private async Task<string> SignInAsync(string module, string user)
    {
        using var response = await _client.PostAsync($"/login/{(module == "required" ? "session" : module)}/{user}", content: null);
        response.EnsureSuccessStatusCode();
        var cookie = response.SetCookies().Single();
        return $"{cookie.Name}={cookie.Value}";
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddCookieSessions<string>("name");
    }

    private void Map(WebApplication app)
    {
        app.Use(
            (http, next) =>
            {
                if (http.Request.Query["header"] == "later")
                {
                    http.Response.OnStarting(() =>
                    {
                        http.Response.Headers.CacheControl = Allowed;
                        return Task.CompletedTask;
                    });
                }

                return next(http);
            }
        );
        app.UseTokenUser(TokenCookie, (token, _, _) => ValueTask.FromResult(_tokens.GetValueOrDefault(RandomToken.Encode(token))));
        app.MapPost("/login/session/{user}", (HttpContext http, string user) => http.InitSessionAsync(user));
        app.MapPost("/login/cookie/{user}", (HttpContext http, string user) => http.GetCookieSession<string>().Set(user));
        app.MapPost(
            "/login/token/{user}",
            (HttpContext http, string user) =>
            {
                _tokens[RandomToken.Encode(TokenCookie.Issue(http))] = user;
            }
        );
        app.MapGet("/session", (HttpContext http) => Answer(http, http.GetSession()?.UserKey)).PublicSession();
        app.MapGet("/required", (HttpContext http) => Answer(http, http.GetSession()?.UserKey)).RequireSession();
        app.MapGet("/cookie", (HttpContext http) => Answer(http, http.GetCookieSession<string>().Get()));
        app.MapGet("/token", (HttpContext http) => Answer(http, http.GetTokenUser<string>()));
    }

    private static string Answer(HttpContext http, string? user)
    {
        http.Response.Headers.CacheControl = Allowed;
        if (http.Request.Query["header"] is [{ Length: > 0 } header] && header != "later")
        {
            http.Response.Headers[header] = header == "X-Accel-Expires" ? "60" : "max-age=60";
        }

        return user ?? "stranger";
    }
}
