using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sessions.Tests.AspNetCore;

/// <summary>An application under test, in process or on Kestrel, and the way to it.</summary>
internal static class TestWebHost
{
    public static WebApplicationBuilder CreateBuilder(bool kestrel)
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

        return builder;
    }

    /// <summary>A client that keeps no cookies and follows no redirects.</summary>
    public static HttpClient CreateClient(WebApplication app, bool kestrel) => kestrel ? CreateKestrelClient(app) : app.GetTestClient();

    private static HttpClient CreateKestrelClient(WebApplication app) =>
        new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
        };
}
