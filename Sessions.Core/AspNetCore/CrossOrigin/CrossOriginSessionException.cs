using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>A sign-in from a foreign origin ("login CSRF"). Servers answer the base type with its status.</summary>
internal sealed class CrossOriginSessionException()
    : BadHttpRequestException(
        "A session was to begin on a request from a foreign origin. If it is meant to, add the origin to SessionHttpOptions.AllowedOrigins, "
            + "or AllowCrossOriginSession() to the endpoint.",
        StatusCodes.Status403Forbidden
    );
