using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Problem details (RFC 9457) of fixed text: nothing of what went on inside gets out.</summary>
internal sealed class SessionProblem
{
    /// <summary>Seconds after which a client may try again when the store could not be reached.</summary>
    private const string RetryAfter = "5";

    private readonly int _status;
    private readonly ReadOnlyMemory<byte> _body;

    private SessionProblem(int status, ReadOnlySpan<byte> body)
    {
        (_status, _body) = (status, body.ToArray());
    }

    public static SessionProblem Unauthorized { get; } =
        new(
            StatusCodes.Status401Unauthorized,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2","title":"Unauthorized","status":401,"detail":"This needs a session. Sign in and try again."}"""u8
        );

    public static SessionProblem Reauthenticate { get; } =
        new(
            StatusCodes.Status401Unauthorized,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2","title":"Unauthorized","status":401,"detail":"This needs a recent sign-in. Prove again who you are and try again.","reason":"reauthenticate"}"""u8
        );

    public static SessionProblem Late { get; } =
        new(
            StatusCodes.Status401Unauthorized,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2","title":"Unauthorized","status":401,"detail":"The request came with an old token of the session. Send it again with the current one.","reason":"late"}"""u8
        );

    public static SessionProblem CrossOrigin { get; } =
        new(
            StatusCodes.Status403Forbidden,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4","title":"Forbidden","status":403,"detail":"Requests from another origin are not accepted here."}"""u8
        );

    public static SessionProblem Forbidden { get; } =
        new(
            StatusCodes.Status403Forbidden,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4","title":"Forbidden","status":403,"detail":"Your session does not permit this."}"""u8
        );

    public static SessionProblem ClientUnknown { get; } =
        new(
            StatusCodes.Status403Forbidden,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4","title":"Forbidden","status":403,"detail":"Sessions here are bound to their client, and this client cannot be recognized again. Use a browser that says what it is.","reason":"client"}"""u8
        );

    public static SessionProblem NotFound { get; } =
        new(
            StatusCodes.Status404NotFound,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5","title":"Not Found","status":404,"detail":"You have no such session."}"""u8
        );

    public static SessionProblem Unavailable { get; } =
        new(
            StatusCodes.Status503ServiceUnavailable,
            """{"type":"https://www.rfc-editor.org/rfc/rfc9110#section-15.6.4","title":"Service Unavailable","status":503,"detail":"Sessions cannot be checked at the moment. Try again soon."}"""u8
        );

    public ValueTask WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = _status;
        response.ContentType = "application/problem+json";
        response.ContentLength = _body.Length;
        CacheHeaders.SetNoStore(response.Headers);
        if (_status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = RetryAfter;
        }

        return HttpMethods.IsHead(context.Request.Method)
            ? ValueTask.CompletedTask
            : response.Body.WriteAsync(_body, context.RequestAborted);
    }
}
