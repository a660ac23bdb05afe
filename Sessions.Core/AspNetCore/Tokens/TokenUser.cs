using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>What was found for the token of a request; the feature says that somebody has looked.</summary>
internal sealed record TokenUser<TUser>(HttpResponse Response, TUser? User)
    where TUser : class
{
    /// <summary>Keeps what is made for a user from everybody else. Again where the user is asked for: caches may stand behind the middleware, too.</summary>
    public void GuardCaches()
    {
        ServerCaches.ForbidOutputCache(Response.HttpContext);
        ServerCaches.GuardResponseCache(Response.HttpContext, this, WriteHeaders);
    }

    /// <summary>Says to caches whom this response is for.</summary>
    public void WriteHeaders()
    {
        if (User is not null)
        {
            SessionCacheHeaders.NotShared(Response.Headers);
        }

        SessionCacheHeaders.Vary(Response.Headers, bearer: false);
    }
}
