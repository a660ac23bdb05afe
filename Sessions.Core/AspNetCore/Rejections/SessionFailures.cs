using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sessions.AspNetCore;

/// <summary>
/// What a verb throws on an endpoint without a filter, such as a sign-in while the store is down, gets the same answer as behind one: outermost, so that the application's
/// own handling of errors goes first.
/// </summary>
internal sealed class SessionFailures(ILogger<SessionHttp> log) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(AnswerAsync);
            next(app);
        };

    private async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (SessionExceptionHandler.CanAnswer(context, e))
        {
            await SessionExceptionHandler.AnswerAsync(context, e, log).ConfigureAwait(false);
        }
    }
}
