using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>
/// The user of an admitted session as <c>HttpContext.User</c>, where nothing else authenticates. Made when it is read: most endpoints read
/// the session itself.
/// </summary>
internal sealed class SessionUserFeature(Session session, string name) : IHttpAuthenticationFeature
{
    public ClaimsPrincipal? User
    {
        get => field ??= SessionClaims.CreatePrincipal(session, session.UserKey!, SessionAuthenticationOptions.GetScheme(name));
        set;
    }

    /// <summary>Fills the user of a request that has none.</summary>
    /// <param name="context">The request.</param>
    /// <param name="session">An admitted one.</param>
    /// <param name="name">The name of the sessions.</param>
    public static async ValueTask FillAsync(HttpContext context, Session session, string name)
    {
        if (
            session.UserKey is null
            || context.Features.Get<IHttpAuthenticationFeature>() is SessionUserFeature or { User.Identity.IsAuthenticated: true }
            || await HasOtherSchemeAsync(context.RequestServices).ConfigureAwait(false)
        )
        {
            return;
        }

        context.Features.Set<IHttpAuthenticationFeature>(new SessionUserFeature(session, name));
        await ValidateAntiforgeryAsync(context).ConfigureAwait(false);
    }

    /// <summary>Whether the application has another way to know its users, which alone decides who they are.</summary>
    private static async ValueTask<bool> HasOtherSchemeAsync(IServiceProvider services) =>
        services.GetService<IAuthenticationSchemeProvider>() is { } schemes
        && await schemes.GetDefaultAuthenticateSchemeAsync().ConfigureAwait(false) is { } scheme
        && scheme.HandlerType != typeof(SessionAuthenticationHandler);

    /// <summary>
    /// A token for forms belongs to the user it was made for. Where <c>UseAntiforgery</c> stands before us, it has compared it without a user.
    /// </summary>
    private static async ValueTask ValidateAntiforgeryAsync(HttpContext context)
    {
        if (
            context.Features.Get<IAntiforgeryValidationFeature>() is null
            || context.RequestServices.GetService<IAntiforgery>() is not { } antiforgery
        )
        {
            return;
        }

        // While it says that the token is not valid, no form is read.
        context.Features.Set<IAntiforgeryValidationFeature>(null);
        var isValid = await antiforgery.IsRequestValidAsync(context).ConfigureAwait(false);
        context.Features.Set<IAntiforgeryValidationFeature>(new AntiforgeryValidation(isValid));
    }

    private sealed class AntiforgeryValidation(bool isValid) : IAntiforgeryValidationFeature
    {
        public bool IsValid => isValid;

        public Exception? Error =>
            isValid ? null : new AntiforgeryValidationException("The token for forms was made for another user than that of the session.");
    }
}
