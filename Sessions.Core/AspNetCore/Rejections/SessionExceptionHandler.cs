using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>What a verb throws becomes the answer that a filter would have given, where <c>UseExceptionHandler</c> is in the pipeline.</summary>
internal sealed class SessionExceptionHandler(ILogger<SessionHttp> log) : IExceptionHandler
{
    /// <summary>The answer that an exception stands for; null: not ours.</summary>
    private static SessionProblem? ProblemOf(Exception exception) =>
        exception switch
        {
            SessionStoreException => SessionProblem.Unavailable,
            CrossOriginSessionException => SessionProblem.CrossOrigin,
            _ => null,
        };

    /// <summary>Whether the exception is ours and nothing is written yet.</summary>
    public static bool CanAnswer(HttpContext context, Exception exception) =>
        !context.Response.HasStarted && ProblemOf(exception) is not null;

    /// <summary>Answers in place of whatever threw.</summary>
    public static Task AnswerAsync(HttpContext context, Exception exception, ILogger log)
    {
        SessionLog.VerbFailed(log, exception.Message);
        context.Response.Clear();
        return ProblemOf(exception)!.WriteAsync(context);
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!CanAnswer(httpContext, exception))
        {
            return false;
        }

        await AnswerAsync(httpContext, exception, log).ConfigureAwait(false);
        return true;
    }
}
