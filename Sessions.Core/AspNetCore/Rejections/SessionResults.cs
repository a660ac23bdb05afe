using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Answers as the gate does.</summary>
internal sealed class SessionRejectedResult(string name) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var services = NamedSessionServices.Resolve(httpContext.RequestServices, name);
        return SessionRejectionResponse.WriteAsync(SessionUpFeature.GetOrAdd(httpContext, services)).AsTask();
    }
}

/// <summary>The same answer for a session of another user, an unknown one and what is no id at all.</summary>
internal sealed class SessionNotFoundResult : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => SessionProblem.NotFound.WriteAsync(httpContext).AsTask();
}
