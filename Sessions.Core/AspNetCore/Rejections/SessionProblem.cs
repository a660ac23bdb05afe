using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Problem details (RFC 9457) of fixed text: nothing of what went on inside gets out.</summary>
internal static class SessionProblem
{
    /// <summary>Seconds after which a client may ask again when the store could not be reached.</summary>
    private const string RetryAfter = "5";

    private static readonly ReadOnlyMemory<byte> Unauthorized =
        """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2","title":"Unauthorized","status":401,"detail":"This needs a session. Sign in and try again."}"""u8.ToArray();

    private static readonly ReadOnlyMemory<byte> Forbidden =
        """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4","title":"Forbidden","status":403,"detail":"Requests from another origin are not accepted here."}"""u8.ToArray();

    private static readonly ReadOnlyMemory<byte> NotFound =
        """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5","title":"Not Found","status":404,"detail":"You have no such session."}"""u8.ToArray();

    private static readonly ReadOnlyMemory<byte> Unavailable =
        """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"detail":"Sessions cannot be checked at the moment. Try again soon."}"""u8.ToArray();

    public static Task WriteAsync(HttpContext context, int statusCode)
    {
        var response = context.Response;
        var body = statusCode switch
        {
            StatusCodes.Status403Forbidden => Forbidden,
            StatusCodes.Status404NotFound => NotFound,
            StatusCodes.Status503ServiceUnavailable => Unavailable,
            _ => Unauthorized,
        };
        response.StatusCode = statusCode;
        response.ContentType = "application/problem+json";
        response.ContentLength = body.Length;
        SessionCacheHeaders.NoStore(response.Headers);
        if (statusCode == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfter;
        }

        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
