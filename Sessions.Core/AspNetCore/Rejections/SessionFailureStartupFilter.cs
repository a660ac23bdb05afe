using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sessions.AspNetCore;

/// <summary>
/// What a verb throws on an endpoint without a filter, such as a sign-in while the store is down, gets the same answer as behind one: outermost, so that the application's
/// own handling of errors goes first.
/// </summary>
internal sealed class SessionFailureStartupFilter(ILogger<NamedSessionServices> log) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(InvokeAsync);
            next(app);
        };

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (SessionExceptionHandler.CanHandle(context, e))
        {
            await SessionExceptionHandler.WriteProblemAsync(context, e, log).ConfigureAwait(false);
        }
    }
}
