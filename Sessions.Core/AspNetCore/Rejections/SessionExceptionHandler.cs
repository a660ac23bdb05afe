using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>What a verb throws becomes the answer that a filter would have given, where <c>UseExceptionHandler</c> is in the pipeline.</summary>
internal sealed class SessionExceptionHandler(ILogger<NamedSessionServices> log) : IExceptionHandler
{
    /// <summary>The answer that an exception stands for; null: not ours.</summary>
    private static SessionProblem? GetProblem(Exception exception) =>
        exception switch
        {
            SessionStoreException => SessionProblem.Unavailable,
            CrossOriginSessionException => SessionProblem.CrossOrigin,
            _ => null,
        };

    /// <summary>Whether the exception is ours and nothing is written yet.</summary>
    public static bool CanHandle(HttpContext context, Exception exception) =>
        !context.Response.HasStarted && GetProblem(exception) is not null;

    /// <summary>Answers in place of whatever threw.</summary>
    public static Task WriteProblemAsync(HttpContext context, Exception exception, ILogger log)
    {
        SessionLog.VerbFailed(log, exception.Message);
        context.Response.Clear();
        return GetProblem(exception)!.WriteAsync(context);
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!CanHandle(httpContext, exception))
        {
            return false;
        }

        await WriteProblemAsync(httpContext, exception, log).ConfigureAwait(false);
        return true;
    }
}
