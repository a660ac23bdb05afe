using Microsoft.AspNetCore.Http;
using Sessions.Tokens;

namespace Sessions;

/// <summary>The user whom <c>UseTokenUser</c> has loaded.</summary>
public static class HttpContextTokenUserExtensions
{
    /// <summary>The user; null: the request showed no token, or one of no user.</summary>
    /// <exception cref="InvalidOperationException">No <c>UseTokenUser&lt;TUser&gt;</c> came before this in the pipeline.</exception>
    public static TUser? GetTokenUser<TUser>(this HttpContext context)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(context);
        var found =
            context.Features.Get<TokenUserFeature<TUser>>()
            ?? throw new InvalidOperationException(
                $"Nobody has looked for the {typeof(TUser).Name} of this request. Call app.UseTokenUser<{typeof(TUser).Name}>(...) before."
            );
        // What depends on who asks is for nobody else, a stranger's page included.
        found.ForbidSharedCaching();
        return found.User;
    }
}
