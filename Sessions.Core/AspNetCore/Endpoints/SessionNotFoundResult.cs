using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>The same answer for a foreign session, an unknown one and what is no id at all.</summary>
internal sealed class SessionNotFoundResult : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => SessionProblem.NotFound.WriteAsync(httpContext);
}
