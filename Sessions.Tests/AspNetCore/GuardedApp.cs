using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.AspNetCore;

/// <summary>
/// Pages of a session, a cookie session and a token cookie, for caches: <c>X-User</c> says for which user a response was made.
/// </summary>
internal static class GuardedApp
{
    public const string Public = "public, max-age=60";

    private static readonly TokenCookie Token = new();
    private static readonly string[] Suffixes = ["", "-empty"];

    /// <summary>Caches whatever an endpoint returns, as a policy of an application may that leaves out the framework's own.</summary>
    private sealed class CachingPolicy : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.EnableOutputCaching = context.AllowCacheLookup = context.AllowCacheStorage = true;
            return ValueTask.CompletedTask;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.AllowCacheStorage = true;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>An application in which the endpoint, or a middleware around it, says to caches what they may do.</summary>
    public static Task<SessionApp> StartAsync(string publisher, Action<WebApplication>? useCache = null, string said = Public)
    {
        Task WriteAsync(HttpContext http, string? user)
        {
            Publish(http.Response.Headers, publisher == "endpoint" ? said : null);
            http.Response.Headers["X-User"] = user ?? "stranger";
            var isEmpty =
                publisher.StartsWith("after", StringComparison.Ordinal)
                || http.Request.Path.Value!.EndsWith("empty", StringComparison.Ordinal);
            return isEmpty ? Task.CompletedTask : http.Response.WriteAsync("hello");
        }

        string? ReadToken(HttpContext http) => Token.Read(http) is { } token && SHA256.HashData(token).Length > 0 ? "ann" : null;

        return SessionApp.StartAsync(
            app =>
            {
                if (useCache is not null)
                {
                    useCache(app);
                }

                app.Use((context, next) => PublishAsync(publisher, said, context, next));
                foreach (var suffix in Suffixes)
                {
                    app.MapGet($"/session{suffix}", (HttpContext http) => WriteAsync(http, http.GetSession()?.UserKey))
                        .PublicSession()
                        .CacheOutput(policy => policy.AddPolicy<CachingPolicy>(), excludeDefaultPolicy: true);
                    app.MapGet($"/cookie{suffix}", (HttpContext http) => WriteAsync(http, http.GetCookieSession<string>().Get()))
                        .CacheOutput(policy => policy.AddPolicy<CachingPolicy>(), excludeDefaultPolicy: true);
                    app.MapGet($"/token{suffix}", (HttpContext http) => WriteAsync(http, ReadToken(http)))
                        .CacheOutput(policy => policy.AddPolicy<CachingPolicy>(), excludeDefaultPolicy: true);
                }

                app.MapPost(
                    "/session",
                    async (HttpContext http) =>
                    {
                        await http.InitSessionAsync("ann");
                        await WriteAsync(http, "ann");
                    }
                );
                app.MapPost(
                    "/cookie",
                    (HttpContext http) =>
                    {
                        http.GetCookieSession<string>().Set("ann");
                        return WriteAsync(http, "ann");
                    }
                );
                app.MapPost(
                    "/token",
                    (HttpContext http) =>
                    {
                        Token.Issue(http);
                        return WriteAsync(http, "ann");
                    }
                );
            },
            services: services =>
            {
                services.AddResponseCaching().AddOutputCache();
                services.AddCookieSessions<string>("visit", o => o.Encrypt(CookieKey.FromBytes(SHA256.HashData("key"u8))));
            }
        );
    }

    private static async Task PublishAsync(string publisher, string said, HttpContext context, RequestDelegate next)
    {
        var (held, body) = (context.Response.Headers, context.Response.Body);
        switch (publisher)
        {
            case "callback":
                context.Response.OnStarting(() => Publish(context.Response.Headers, said));
                await next(context);
                break;
            case "held" when context.Request.Path != "/token":
                // The tokens have no services, and so nothing that stands before a middleware that holds on to headers.
                context.Response.OnStarting(() => Publish(held, said));
                await next(context);
                break;
            case "buffer":
                using (var buffer = new MemoryStream())
                {
                    context.Response.Body = buffer;
                    await next(context);
                    context.Response.Body = body;
                    await Publish(context.Response.Headers, said);
                    await body.WriteAsync(buffer.ToArray());
                }

                break;
            case "after" or "after-held":
                await next(context);
                await Publish(publisher == "after" ? context.Response.Headers : held, said);
                break;
            default:
                await next(context);
                break;
        }
    }

    private static Task Publish(IHeaderDictionary headers, string? said)
    {
        if (said is not null)
        {
            headers.CacheControl = said;
            headers.Expires = "Thu, 01 Jan 2099 00:00:00 GMT";
            headers["CDN-Cache-Control"] = "max-age=600";
            headers["Cloudflare-CDN-Cache-Control"] = "max-age=600";
            headers["Surrogate-Control"] = "max-age=600";
            headers["Edge-Control"] = "cache-maxage=10m";
            headers["X-Accel-Expires"] = "600";
        }

        return Task.CompletedTask;
    }
}
