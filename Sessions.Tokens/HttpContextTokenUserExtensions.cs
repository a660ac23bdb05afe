using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;
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
                $"The {typeof(TUser).Name} of this request was not loaded. Call app.UseTokenUser<{typeof(TUser).Name}>(...) before."
            );

        // A response that depends on the user is for this user alone; the absence of a user counts as well.
        ResponseGuard.GetOrAdd(context).Limit(found.User is null ? CacheLimit.Varying : CacheLimit.Private);
        return found.User;
    }
}
