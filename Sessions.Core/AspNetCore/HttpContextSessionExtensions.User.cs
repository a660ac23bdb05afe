using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <content>The application's own object for the user, as <c>LoadUser</c> loads it.</content>
public static partial class HttpContextSessionExtensions
{
    /// <summary>The user of this session, loaded once a request; null without a session or for a visitor.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    /// <exception cref="InvalidCastException">The loader makes something else.</exception>
    public static TUser? GetSessionUser<TUser>(this HttpContext context, string name = "")
        where TUser : class
    {
        _ = GetAuthResult(context, name);
        return (TUser?)GetFeature(context, name).User;
    }

    /// <summary>Loads the user of this session again, for instance after the user was changed or has just signed in.</summary>
    /// <exception cref="InvalidOperationException">The endpoint has neither filter.</exception>
    public static async ValueTask<TUser?> RefreshSessionUserAsync<TUser>(this HttpContext context, string name = "")
        where TUser : class => (TUser?)await SessionOperations.RefreshUserAsync(GetFeature(context, name)).ConfigureAwait(false);
}
