using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What a verb throws becomes the answer that a filter would have given, where <c>UseExceptionHandler</c> is in the pipeline.</summary>
internal sealed class SessionExceptionHandler : IExceptionHandler
{
    /// <summary>The answer that an exception stands for; null: not ours.</summary>
    public static SessionProblem? ProblemOf(Exception exception) =>
        exception switch
        {
            SessionStoreException => SessionProblem.Unavailable,
            CrossOriginSessionException => SessionProblem.CrossOrigin,
            _ => null,
        };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (ProblemOf(exception) is not { } problem)
        {
            return false;
        }

        await problem.WriteAsync(httpContext).ConfigureAwait(false);
        return true;
    }
}
