using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>
/// The application's own events, and after its say on a principal ours: a session counts only when the user of its ticket was let in, which
/// Identity's security stamp may refuse.
/// </summary>
internal sealed class SessionTicketEvents(NamedSessionServices services, CookieAuthenticationEvents inner, Type? innerType)
    : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        await GetInnerEvents(context).ValidatePrincipal(context).ConfigureAwait(false);
        if (context.Principal is null)
        {
            return;
        }

        var feature = SessionUpFeature.GetOrAdd(context.HttpContext, services);
        feature.AcceptCandidate();
        await SessionAdmission
            .AdmitAsync(context.HttpContext, EndpointSessionPolicy.GetAuthenticationPolicy(context.HttpContext, services))
            .ConfigureAwait(false);
        context.ReplacePrincipal(SessionPrincipal.Create(context.Principal, feature));
    }

    public override Task CheckSlidingExpiration(CookieSlidingExpirationContext context) =>
        GetInnerEvents(context).CheckSlidingExpiration(context);

    public override async Task SigningIn(CookieSigningInContext context)
    {
        await GetInnerEvents(context).SigningIn(context).ConfigureAwait(false);
        SessionTicketStore.MarkSignIn(context.Properties);
    }

    public override Task SignedIn(CookieSignedInContext context) => GetInnerEvents(context).SignedIn(context);

    public override Task SigningOut(CookieSigningOutContext context) => GetInnerEvents(context).SigningOut(context);

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) =>
        GetInnerEvents(context).RedirectToLogin(context);

    public override Task RedirectToLogout(RedirectContext<CookieAuthenticationOptions> context) =>
        GetInnerEvents(context).RedirectToLogout(context);

    public override Task RedirectToReturnUrl(RedirectContext<CookieAuthenticationOptions> context) =>
        GetInnerEvents(context).RedirectToReturnUrl(context);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) =>
        GetInnerEvents(context).RedirectToAccessDenied(context);

    private CookieAuthenticationEvents GetInnerEvents(BaseContext<CookieAuthenticationOptions> context) =>
        innerType is null ? inner : (CookieAuthenticationEvents)context.HttpContext.RequestServices.GetRequiredService(innerType);
}
