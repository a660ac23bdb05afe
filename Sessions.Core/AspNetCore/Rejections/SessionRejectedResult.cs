using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>Answers as the gate does.</summary>
internal sealed class SessionRejectedResult(string name) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        SessionUpFeature.GetOrAdd(httpContext, NamedSessionServices.Resolve(httpContext.RequestServices, name)).RejectAsync();
}
