using Microsoft.Extensions.Primitives;

namespace Sessions.AspNetCore;

/// <summary>Finds the cookies of one name in the <c>Cookie</c> header (RFC 6265bis section 4.2.1), without reading the others.</summary>
/// <remarks>
/// <c>Request.Cookies</c> would not do: it takes names in any case for the same, so <c>__host-sid</c>, which an old browser lets a
/// neighbouring host plant, would pass for <c>__Host-sid</c>; and of two cookies of one name it silently takes the last.
/// </remarks>
internal static class CookieHeader
{
    /// <summary>The values of all cookies of a name, in order.</summary>
    public static CookieValues GetAll(StringValues headers, string name) => new(headers, name);

    /// <summary>
    /// The value of the cookie; false, when it is absent. Two different values of one name are ambiguous and give an empty one.
    /// </summary>
    public static bool TryGet(StringValues headers, string name, out ReadOnlySpan<char> value)
    {
        value = default;
        var found = false;
        foreach (var candidate in GetAll(headers, name))
        {
            if (found && !candidate.SequenceEqual(value))
            {
                value = default;
                return true;
            }

            found = true;
            value = candidate;
        }

        return found;
    }
}

/// <summary>The values of the cookies of one name, without the quotes that some clients add (RFC 6265bis section 4.1.1).</summary>
internal ref struct CookieValues(StringValues headers, string name)
{
    private int _next;
    private ReadOnlySpan<char> _rest;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly CookieValues GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty || _next < headers.Count)
        {
            if (_rest.IsEmpty)
            {
                _rest = headers[_next++];
                continue;
            }

            var end = _rest.IndexOf(';');
            var pair = (end < 0 ? _rest : _rest[..end]).Trim(" \t");
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
            {
                var value = pair[(name.Length + 1)..];
                Current = value is ['"', .., '"'] ? value[1..^1] : value;
                return true;
            }
        }

        return false;
    }
}
