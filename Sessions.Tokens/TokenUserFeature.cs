using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions.Tokens;

/// <summary>What was found for the token of a request; that there is a feature says that the token was read.</summary>
internal sealed record TokenUserFeature<TUser>(HttpResponse Response, TUser? User)
    where TUser : class
{
    /// <summary>
    /// Keeps the response for one user from all others. Called again where the user is read: caches may stand behind the middleware, too.
    /// </summary>
    public void ForbidSharedCaching()
    {
        ServerResponseCaches.ForbidOutputCaching(Response.HttpContext);
        ServerResponseCaches.WriteHeadersBeforeCaching(Response.HttpContext, this, WriteCacheHeaders);
    }

    /// <summary>Says to caches whom this response is for.</summary>
    public void WriteCacheHeaders()
    {
        if (User is not null)
        {
            SessionCacheHeaders.SetNotShared(Response.Headers);
        }

        SessionCacheHeaders.AddVary(Response.Headers, bearer: false);
    }
}
