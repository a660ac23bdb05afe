using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>In place of Kestrel: hands the requests of the model to the application, on the thread of the simulation.</summary>
internal sealed class ModelHttpServer : IServer
{
    private Func<IFeatureCollection, ModelResponse, Task>? _process;

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull
    {
        _process = async (features, response) =>
        {
            var context = application.CreateContext(features);
            try
            {
                await application.ProcessRequestAsync(context);
                await response.CompleteAsync();
                application.DisposeContext(context, null);
            }
            catch (Exception e)
            {
                application.DisposeContext(context, e);
                throw;
            }
        };
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task HandleAsync(ModelExchange exchange)
    {
        var response = new ModelResponse(response => exchange.Start(response.StatusCode, [.. response.Headers.SetCookie.OfType<string>()]));
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(CreateRequest(exchange));
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(new ModelResponseBody(response)));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature());
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature { RemoteIpAddress = IPAddress.Loopback });
        features.Set(exchange);
        return _process!(features, response);
    }

    public void Dispose() { }

    private static HttpRequestFeature CreateRequest(ModelExchange exchange)
    {
        var http = exchange.Http;
        var request = new HttpRequestFeature
        {
            Protocol = "HTTP/1.1",
            Method = http.Method,
            Scheme = http.Url.Scheme,
            Path = http.Url.AbsolutePath,
            RawTarget = http.Url.PathAndQuery,
            Headers =
            {
                Host = http.Url.Authority,
                UserAgent = string.Create(CultureInfo.InvariantCulture, $"Browser/{exchange.Step.Browser}"),
            },
        };
        foreach (var (name, value) in http.GetHeaders())
        {
            request.Headers.Append(name, value);
        }

        if (exchange.Cookie is { Length: > 0 } cookie)
        {
            request.Headers.Cookie = cookie;
        }

        return request;
    }
}
