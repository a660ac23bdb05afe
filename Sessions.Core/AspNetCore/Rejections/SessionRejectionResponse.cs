using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>The answer to a request that is refused.</summary>
internal static class SessionRejectionResponse
{
    public static int GetStatusCode(SessionRejection rejection) =>
        rejection switch
        {
            SessionRejection.CrossOrigin => StatusCodes.Status403Forbidden,
            SessionRejection.StoreUnavailable or SessionRejection.UserUnavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status401Unauthorized,
        };

    /// <summary>Answers a request that is refused. Where it has a session all the same, the response demands another sign-in.</summary>
    public static async ValueTask WriteAsync(SessionUpFeature feature)
    {
        var (context, services) = (feature.HttpContext, feature.Services);
        var rejection = feature.Result is { Rejection: not SessionRejection.None } result ? result.Rejection : SessionRejection.NoToken;
        ServerCaches.ForbidStorage(context);
        await feature.RaiseRejectedAsync(isRequired: true).ConfigureAwait(false);
        if (services.Options.OnRejected is { } handler)
        {
            await handler(new SessionRejectedContext(context, services, rejection)).ConfigureAwait(false);
            return;
        }

        await WriteDefaultAsync(context, services, rejection).ConfigureAwait(false);
    }

    public static ValueTask WriteDefaultAsync(HttpContext context, NamedSessionServices services, SessionRejection rejection) =>
        rejection switch
        {
            SessionRejection.CrossOrigin => SessionProblem.CrossOrigin.WriteAsync(context),
            SessionRejection.StoreUnavailable or SessionRejection.UserUnavailable => SessionProblem.Unavailable.WriteAsync(context),
            _ => WriteUnauthorizedAsync(context, services.Options, rejection),
        };

    private static ValueTask WriteUnauthorizedAsync(HttpContext context, SessionHttpOptions options, SessionRejection rejection)
    {
        var response = context.Response;
        if (options.LoginPath is not null && FetchMetadata.IsBrowserNavigation(context.Request))
        {
            // 303 makes the browser fetch the login page with GET, also after a POST.
            response.StatusCode = StatusCodes.Status303SeeOther;
            response.Headers.Location = ReturnUrl.BuildLoginUrl(context.Request, options.LoginPath, options.ReturnUrlParameter);
            return ValueTask.CompletedTask;
        }

        // RFC 9110 section 15.5.2 wants a challenge with every 401, but no scheme is registered for cookies, and no client would understand
        // an invented one.
        if (options.AllowBearerTokens)
        {
            // RFC 6750 section 3.1: a client that showed no token gets no error code.
            response.Headers.WWWAuthenticate = rejection == SessionRejection.NoToken ? "Bearer" : "Bearer error=\"invalid_token\"";
        }

        var problem = rejection switch
        {
            SessionRejection.Reauthenticate => SessionProblem.Reauthenticate,
            SessionRejection.Late => SessionProblem.Late,
            _ => SessionProblem.Unauthorized,
        };
        return problem.WriteAsync(context);
    }
}
