using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>
/// Takes the token out of <c>Authorization: Bearer TOKEN</c> (RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1).
/// </summary>
internal static class BearerHeader
{
    private const string Scheme = "Bearer";

    /// <summary>Whether the request has a bearer token, good or not.</summary>
    public static bool TryGet(StringValues authorization, out ReadOnlySpan<char> token)
    {
        token = default;
        if (authorization.Count == 0)
        {
            return false;
        }

        var header = authorization[0].AsSpan().Trim(' ');
        if (
            !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || (header.Length > Scheme.Length && header[Scheme.Length] != ' ')
        )
        {
            return false;
        }

        // Two headers are no token: it is not clear which one counts.
        token = authorization.Count == 1 ? header[Scheme.Length..].TrimStart(' ') : default;
        return true;
    }
}
