using Sessions.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Looks at sessions early.</summary>
public static class ApplicationBuilderSessionExtensions
{
    /// <summary>
    /// Optional: applies the session filters of the endpoint here, so that what follows (rate limiter, logging, authorization) knows the
    /// session. Call it after routing. The gates of the endpoints then find the result, so the store is read once.
    /// </summary>
    public static IApplicationBuilder UseSessionUp(this IApplicationBuilder app) => app.UseMiddleware<SessionUpMiddleware>();
}
