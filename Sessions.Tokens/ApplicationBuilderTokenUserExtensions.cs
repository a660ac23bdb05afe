using Sessions;
using Sessions.Tokens;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Loads users for applications that keep their own store.</summary>
public static class ApplicationBuilderTokenUserExtensions
{
    /// <summary>
    /// Loads the user whom the token in a cookie stands for, before what follows; <c>http.GetTokenUser&lt;TUser&gt;()</c> returns the user.
    /// Place it after static files: responses made for a known user are kept from shared caches. Once for each type of user.
    /// </summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="cookie">Where the token is.</param>
    /// <param name="loadUser">
    /// The application's lookup, called only with a well-formed token: its user, or null when there is none (any more). What it throws
    /// fails the request; the cookie is left alone.
    /// </param>
    public static IApplicationBuilder UseTokenUser<TUser>(
        this IApplicationBuilder app,
        TokenCookie cookie,
        Func<byte[], IServiceProvider, CancellationToken, ValueTask<TUser?>> loadUser
    )
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(cookie);
        ArgumentNullException.ThrowIfNull(loadUser);
        return app.Use(next => new TokenUserMiddleware<TUser>(next, cookie, loadUser).InvokeAsync);
    }
}
