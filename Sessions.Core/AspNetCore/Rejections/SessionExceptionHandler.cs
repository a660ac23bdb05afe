using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What a verb throws becomes the answer that a filter would have given, where <c>UseExceptionHandler</c> is in the pipeline.</summary>
internal sealed class SessionExceptionHandler : IExceptionHandler
{
    /// <summary>The status that an exception stands for; null: not ours.</summary>
    public static int? StatusCodeOf(Exception exception) =>
        exception switch
        {
            SessionStoreException => StatusCodes.Status503ServiceUnavailable,
            CrossOriginSessionException => StatusCodes.Status403Forbidden,
            _ => null,
        };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (StatusCodeOf(exception) is not { } statusCode)
        {
            return false;
        }

        await SessionProblem.WriteAsync(httpContext, statusCode).ConfigureAwait(false);
        return true;
    }
}
