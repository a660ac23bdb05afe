using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>The cookie that carries a token: text to token and back.</summary>
internal sealed class SessionCookie(CookieBuilder cookie, TimeProvider time)
{
    public string Name { get; } = cookie.Name!;

    /// <summary>Reads the token.</summary>
    /// <remarks>
    /// Two cookies of this name with different values: one of them was planted by another host or path of the site, and their order does
    /// not show which. Neither is trusted. The prefix <c>__Host-</c> keeps that from happening.
    /// </remarks>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection Read(StringValues headers, out SessionToken token)
    {
        token = default;
        return !CookieHeader.TryGet(headers, Name, out var text) ? SessionRejection.NoToken
            : SessionToken.TryParse(text, out token) ? SessionRejection.None
            : SessionRejection.MalformedToken;
    }

    /// <summary>Gives the token to the browser, for as long as the session can last at the most, or until the browser closes.</summary>
    public void Set(HttpContext context, Session session, SessionToken token)
    {
        var options = cookie.Build(context);
        if (session.IsPersistent)
        {
            var now = time.GetUtcNow();
            options.MaxAge = session.EndsAt > now ? session.EndsAt - now : TimeSpan.Zero;
            options.Expires = session.EndsAt;
        }

        context.Response.Cookies.Append(Name, token.Reveal(), options);
    }

    /// <summary>
    /// Takes the cookie back. A browser deletes only what is named with the same attributes as it was set with, so all are said again.
    /// </summary>
    public void Delete(HttpContext context) =>
        context.Response.Cookies.Append(Name, string.Empty, CookieRules.ToDeletionOptions(cookie.Build(context)));
}
