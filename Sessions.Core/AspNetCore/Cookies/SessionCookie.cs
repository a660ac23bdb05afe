using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>The cookie that carries a token: text to token and back.</summary>
internal sealed class SessionCookie(CookieBuilder cookie, TimeProvider time, ILogger log)
{
    /// <summary>How many domains, and how many paths, are named at the most: each takes a header.</summary>
    private const int MaxVariants = 3;

    private bool _hasWarned;

    public string Name { get; } = cookie.Name!;

    /// <summary>Reads the tokens, at most <see cref="ShownTokens.MaxCount"/> different ones.</summary>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection Read(StringValues headers, out ShownTokens shown)
    {
        var (count, first, others, hasOtherText) = (0, default(SessionToken), (SessionToken[]?)null, false);
        foreach (var text in CookieHeader.GetAll(headers, Name))
        {
            if (!SessionToken.TryParse(text, out var token))
            {
                hasOtherText = true;
            }
            else if (count == 0)
            {
                (count, first) = (1, token);
            }
            else if (count < ShownTokens.MaxCount && token != first && others?.Contains(token) != true)
            {
                (count, others) = (count + 1, [.. others ?? [], token]);
            }
        }

        shown = new()
        {
            First = first,
            Others = others,
            HasOtherText = hasOtherText,
        };
        return count > 0 ? SessionRejection.None
            : hasOtherText ? SessionRejection.MalformedToken
            : SessionRejection.NoToken;
    }

    /// <summary>Gives the token to the browser, for as long as the session can last at the most, or until the browser closes.</summary>
    public void Set(HttpContext context, Session session, SessionToken token)
    {
        var options = cookie.Build(context);
        if (options.Secure && !_hasWarned && !context.Request.IsHttps && !IsLoopback(context.Request.Host.Host))
        {
            _hasWarned = true;
            SessionLog.SecureCookieOverHttp(log, Name, context.Request.Host.Host);
        }

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

    /// <summary>
    /// Takes back the cookies of our name that an earlier configuration has left under another <c>Domain</c> or <c>Path</c>. No request
    /// says under which ones, so all that the browser may have sent are named.
    /// </summary>
    public void DeleteVariants(HttpContext context, CookieVariants variants)
    {
        // Of a name with this prefix a browser holds one cookie at the most.
        if (variants == CookieVariants.None || CookieRules.IsHostOnlyName(Name))
        {
            return;
        }

        var own = cookie.Build(context);
        IReadOnlyList<string?> paths = variants == CookieVariants.Paths ? [own.Path, .. GetPaths(context.Request)] : [own.Path];
        foreach (var path in paths.Distinct(StringComparer.Ordinal))
        {
            foreach (var domain in GetDomains(context.Request.Host.Host))
            {
                if (path != own.Path || !string.Equals(domain, own.Domain?.TrimStart('.'), StringComparison.OrdinalIgnoreCase))
                {
                    var options = cookie.Build(context);
                    (options.Path, options.Domain) = (path, domain);
                    context.Response.Cookies.Append(Name, string.Empty, CookieRules.ToDeletionOptions(options));
                }
            }
        }
    }

    /// <summary>Whether browsers take plain HTTP to this host for secure.</summary>
    private static bool IsLoopback(string host) =>
        IPAddress.TryParse(host, out var address)
            ? IPAddress.IsLoopback(address)
            : host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>None, the host itself and the domains above it that may have a cookie.</summary>
    private static IEnumerable<string?> GetDomains(string host)
    {
        yield return null;
        for (var count = 0; count < MaxVariants && host.Contains('.', StringComparison.Ordinal); count++)
        {
            if (IPAddress.TryParse(host, out _))
            {
                break;
            }

            yield return host;
            host = host[(host.IndexOf('.', StringComparison.Ordinal) + 1)..];
        }
    }

    /// <summary>The folders of a request, from the root on: only a cookie for one of them was sent.</summary>
    private static IEnumerable<string> GetPaths(HttpRequest request)
    {
        yield return "/";
        var path = request.PathBase.Add(request.Path).ToUriComponent();
        var end = 0;
        for (var count = 1; count < MaxVariants && (end = path.IndexOf('/', end + 1)) > 0; count++)
        {
            yield return path[..end];
        }
    }
}

/// <summary>Which cookies of our name are taken back beside the one that is configured.</summary>
internal enum CookieVariants
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those of the same path with another domain or none.</summary>
    Domains,

    /// <summary>Those with another path too.</summary>
    Paths,
}
