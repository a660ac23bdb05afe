using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Sessions.AspNetCore;

/// <summary>The way to the login page and back. Only within this application: anything else would be an open redirect (CWE-601).</summary>
internal static class ReturnUrl
{
    /// <summary>
    /// Whether a URL is a path of this host: it begins with one slash and holds only what a header may (RFC 3986 section 2): browsers pass
    /// over control characters, and servers refuse what is not ASCII.
    /// </summary>
    public static bool IsLocal(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>The address of the login page, with the way back where there is one: only a GET can be repeated.</summary>
    public static string BuildLoginUrl(HttpRequest request, string loginPath, string parameter)
    {
        var login = request.PathBase + loginPath;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return login;
        }

        var back = $"{request.PathBase}{request.Path}{request.QueryString}";
        return IsLocal(back) ? QueryHelpers.AddQueryString(login, parameter, back) : login;
    }
}
