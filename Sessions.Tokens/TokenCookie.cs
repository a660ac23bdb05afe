using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <summary>
/// A cookie that carries a random token, and nothing else: for applications that keep what the token stands for themselves. Make one for
/// the life of the application, and store a hash of the token.
/// </summary>
public sealed class TokenCookie
{
    /// <summary>The name of the cookie when there is no template.</summary>
    public const string DefaultName = "__Host-token";

    private readonly CookieBuilder _template;
    private readonly int _bytes;
    private readonly RandomFill? _random;
    private readonly TimeProvider _time;

    /// <summary>A cookie for tokens of one length.</summary>
    /// <param name="template">
    /// Name, attributes and lifetime. Default: <see cref="DefaultName"/>, <c>Path=/</c>, <c>Secure</c>, <c>HttpOnly</c>,
    /// <c>SameSite=Lax</c>, until the browser closes.
    /// </param>
    /// <param name="bytes">The length of the tokens in bytes, from 16. Default: <see cref="RandomToken.DefaultBytes"/>.</param>
    /// <param name="random">Fills the tokens; null: the system's generator.</param>
    /// <param name="time">The clock that a lifetime is counted from; null: the system's.</param>
    /// <exception cref="ArgumentException">No browser would keep such a cookie; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is less than 16: OWASP ASVS 5.0 (7.2.3) demands 128
    /// bits.</exception>
    public TokenCookie(
        CookieBuilder? template = null,
        int bytes = RandomToken.DefaultBytes,
        RandomFill? random = null,
        TimeProvider? time = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 16);
        _template = template ?? CreateDefaultBuilder();
        if (CookieRules.GetFailures(_template).FirstOrDefault() is { } failure)
        {
            throw new ArgumentException(failure, nameof(template));
        }

        (_bytes, _random, _time) = (bytes, random, time ?? TimeProvider.System);
    }

    private string Name => _template.Name!;

    /// <summary>
    /// The token that the request shows. Null: there is none, it is no token of this length, or there are two (one was planted, and the
    /// order does not show which).
    /// </summary>
    /// <remarks>The response is kept from all caches but the browser's: it is made for one client from here on.</remarks>
    public byte[]? Read(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var token = Find(context);
        ResponseGuard.GetOrAdd(context).Limit(token is null ? CacheLimit.Varying : CacheLimit.Private);
        return token;
    }

    /// <summary>The token that the request shows, for code that does not make the response depend on it.</summary>
    internal byte[]? Find(HttpContext context) =>
        CookieHeader.TryGet(context.Request.Headers.Cookie, Name, out var text)
        && text.Length == Base64Url.GetEncodedLength(_bytes)
        && RandomToken.TryDecode(text, out var token)
            ? token
            : null;

    /// <summary>
    /// Makes a token and gives it to the browser. No cache may keep the response. A new one for each sign-in leaves a planted cookie
    /// worthless.
    /// </summary>
    /// <returns>The token; store its hash.</returns>
    /// <exception cref="InvalidOperationException">The response has started: the browser would never get the cookie.</exception>
    public byte[] Issue(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var token = RandomToken.Create(_bytes, _random);
        var options = _template.Build(context, _time.GetUtcNow());
        options.Expires ??= _time.GetUtcNow() + options.MaxAge;
        Append(context, RandomToken.Encode(token), options);
        return token;
    }

    /// <summary>
    /// Takes the cookie back. A browser deletes only what is named with the same attributes as it was set with, so all are said again.
    /// </summary>
    /// <exception cref="InvalidOperationException">The response has started: the browser would keep the cookie.</exception>
    public void Delete(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Append(context, string.Empty, CookieRules.ToDeletionOptions(_template.Build(context)));
    }

    private static CookieBuilder CreateDefaultBuilder()
    {
        var cookie = CookieRules.CreateBuilder();
        cookie.Name = DefaultName;
        return cookie;
    }

    private void Append(HttpContext context, string value, CookieOptions options)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            throw new InvalidOperationException(
                $"The response has started, so the cookie {Name} cannot be set any more. Call this before anything is written."
            );
        }

        response.Cookies.Append(Name, value, options);
        ResponseGuard.GetOrAdd(context).Limit(CacheLimit.NoStore);
    }
}
