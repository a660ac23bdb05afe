using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>
/// The one place where what a verb throws becomes an answer: 503 when the store failed, 403 for a sign-in from a foreign origin or by a client that its session would always refuse. It stands
/// in three places: at every gate, so that the developer's exception page does not answer first; outermost, for endpoints without a gate;
/// and where <c>UseExceptionHandler</c> is in the pipeline.
/// </summary>
internal sealed class SessionFailureMiddleware(ILogger<NamedSessionServices> log) : IStartupFilter, IExceptionHandler
{
    /// <summary>Outermost, so that the application's own handling of errors goes first.</summary>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use((HttpContext context, RequestDelegate rest) => InvokeAsync(rest, context, log));
            next(app);
        };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!CanHandle(httpContext, exception))
        {
            return false;
        }

        await WriteAsync(httpContext, exception, log).ConfigureAwait(false);
        return true;
    }

    /// <summary>Runs the rest of the pipeline, and answers in its place when a verb threw before anything was written.</summary>
    public static async Task InvokeAsync(RequestDelegate next, HttpContext context, ILogger log)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception e) when (CanHandle(context, e))
        {
            await WriteAsync(context, e, log).ConfigureAwait(false);
        }
    }

    private static bool CanHandle(HttpContext context, Exception exception) =>
        !context.Response.HasStarted && GetProblem(exception) is not null;

    private static async ValueTask WriteAsync(HttpContext context, Exception exception, ILogger log)
    {
        // A stranger can cause the others at will; they are events, and no lines of the log.
        if (exception is SessionStoreException)
        {
            SessionLog.VerbFailed(log, exception.Message);
        }

        if (exception is CrossOriginSessionException { Services: var services })
        {
            var client = services.Client.Read(context);
            await services.Authenticator.RaiseRejectedAsync(id: null, SessionRejection.CrossOrigin, client).ConfigureAwait(false);
        }

        context.Response.Clear();
        await GetProblem(exception)!.WriteAsync(context).ConfigureAwait(false);
    }

    /// <summary>The answer that an exception stands for; null: not ours.</summary>
    private static SessionProblem? GetProblem(Exception exception) =>
        exception switch
        {
            SessionStoreException => SessionProblem.Unavailable,
            CrossOriginSessionException => SessionProblem.CrossOrigin,
            ClientBindingException => SessionProblem.ClientUnknown,
            _ => null,
        };
}
