using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>Finds one cookie in the <c>Cookie</c> header (RFC 6265bis section 4.2.1), without reading the others.</summary>
/// <remarks>
/// <c>Request.Cookies</c> would not do: it takes names in any case for the same, so <c>__host-sid</c>, which an old browser lets a
/// neighbouring host plant, would pass for <c>__Host-sid</c>; and of two cookies of one name it silently takes the last.
/// </remarks>
internal static class CookieHeader
{
    /// <summary>
    /// The value of the cookie; false, when it is absent. Two different values of one name are ambiguous and give an empty one.
    /// </summary>
    public static bool TryGet(StringValues headers, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        var found = false;
        for (var i = 0; i < headers.Count; i++)
        {
            var rest = headers[i].AsSpan();
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf(';');
                var pair = (end < 0 ? rest : rest[..end]).Trim(" \t");
                rest = end < 0 ? default : rest[(end + 1)..];
                if (pair.Length <= name.Length || pair[name.Length] != '=' || !pair.StartsWith(name, StringComparison.Ordinal))
                {
                    continue;
                }

                var candidate = pair[(name.Length + 1)..];
                if (found && !candidate.SequenceEqual(value))
                {
                    value = default;
                    return true;
                }

                found = true;
                value = candidate;
            }
        }

        return found;
    }
}
