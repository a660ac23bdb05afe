using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Bench.Micro;

/// <summary>Sessions that the client keeps, through the request of an application, which is measured alone as well.</summary>
public class CookieBenchmarks
{
    private ServiceProvider _services = null!;
    private string _cookie = "";
    private int _next;

    [Params("encrypted", "signed")]
    public string Cookie { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var key = CookieKey.FromBytes(SHA256.HashData("benchmark"u8));
        _services = new ServiceCollection()
            .AddCookieSessions<Cart>(
                "cart",
                options =>
                {
                    if (Cookie == "signed")
                    {
                        options.Sign(key);
                    }
                    else
                    {
                        options.Encrypt(key);
                    }
                }
            )
            .BuildServiceProvider();
        _cookie = (await Write())[0]!.Split(';')[0];
        if (Read() is null)
        {
            throw new InvalidOperationException("The cookie that was written cannot be read.");
        }
    }

    [GlobalCleanup]
    public void CleanUp() => _services.Dispose();

    [Benchmark(Baseline = true, Description = "HttpContext alone")]
    public HttpContext Context() => NewContext(out _);

    [Benchmark(Description = "Read a cookie session")]
    public object? Read() => NewContext(out _).GetCookieSession<Cart>().Get();

    [Benchmark(Description = "Write a cookie session")]
    public async Task<Microsoft.Extensions.Primitives.StringValues> Write()
    {
        var context = NewContext(out var response);
        context.GetCookieSession<Cart>().Set(new Cart("user-4711", ++_next, ["book", "lamp", "chair"]));
        await response.StartAsync();
        return context.Response.Headers.SetCookie;
    }

    private DefaultHttpContext NewContext(out StartingResponse response)
    {
        response = new StartingResponse();
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Features.Set<IHttpResponseFeature>(response);
        context.Request.Scheme = "https";
        context.Request.Headers.Cookie = _cookie;
        return context;
    }

    private sealed record Cart(string User, int Version, string[] Items);
}
