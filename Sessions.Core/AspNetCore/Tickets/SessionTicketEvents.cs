using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>
/// The application's own events, and after its say on a principal ours: a session counts only when the user of its ticket was let in, which Identity's security stamp
/// may refuse.
/// </summary>
internal sealed class SessionTicketEvents(SessionHttp http, CookieAuthenticationEvents events, Type? eventsType)
    : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        await Own(context).ValidatePrincipal(context).ConfigureAwait(false);
        if (context.Principal is null)
        {
            return;
        }

        var exchange = SessionExchange.Of(context.HttpContext, http);
        exchange.AdoptOffered();

        // Without a filter of ours nobody else would write down that the session is used.
        if (context.HttpContext.GetEndpoint() is { } endpoint && endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null)
        {
            var filters = SessionFilters.Of(endpoint, context.HttpContext.RequestServices);
            await exchange.SeenAsync(filters.Slides(context.HttpContext, http.Name)).ConfigureAwait(false);
        }
    }

    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context) => Own(context).CheckSlidingExpiration(context);

    public override async Task SigningIn(CookieSigningInContext context)
    {
        await Own(context).SigningIn(context).ConfigureAwait(false);
        SessionTicketStore.MarkSignIn(context.Properties);
    }

    public override Task SignedIn(CookieSignedInContext context) => Own(context).SignedIn(context);

    public override Task SigningOut(CookieSigningOutContext context) => Own(context).SigningOut(context);

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => Own(context).RedirectToLogin(context);

    public override Task RedirectToLogout(RedirectContext<CookieAuthenticationOptions> context) => Own(context).RedirectToLogout(context);

    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) =>
        Own(context).RedirectToReturnUrl(context);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) =>
        Own(context).RedirectToAccessDenied(context);

    private CookieAuthenticationEvents Own(BaseContext<CookieAuthenticationOptions> context) =>
        eventsType is null ? events : (CookieAuthenticationEvents)context.HttpContext.RequestServices.GetRequiredService(eventsType);
}
