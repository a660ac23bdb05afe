using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Sessions.LoadTest.Contenders;

/// <summary>ASP.NET Core's cookie authentication: everything in the cookie, or a ticket store in memory.</summary>
internal static class CookieContenders
{
    public static IEnumerable<Contender> All =>
        [
            Create("cookie", "Cookie authentication", static () => null),
            Create("ticket-store", "Cookie authentication, ticket store in memory", static () => new MemoryTicketStore()),
        ];

    private static Contender Create(string name, string title, Func<ITicketStore?> store) =>
        new(
            name,
            title,
            Database.None,
            (site, _) =>
            {
                site.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
                    .AddCookie(options =>
                    {
                        options.SessionStore = store();
                        // A redirection would pass for an answer: all contenders refuse with 401.
                        options.Events.OnRedirectToLogin = static redirect => ContenderResponse.RefuseAsync(redirect.HttpContext);
                    });
                site.Services.AddAuthorization();
            },
            Map
        );

    private static void Map(WebApplication app)
    {
        app.MapGet("/", (RequestDelegate)ContenderResponse.AnswerAsync).RequireAuthorization();
        app.MapGet(
            "/login/{user}",
            (RequestDelegate)(
                static async context =>
                {
                    var user = new ClaimsIdentity(
                        [new(ClaimTypes.NameIdentifier, ContenderResponse.UserOf(context))],
                        CookieAuthenticationDefaults.AuthenticationScheme
                    );
                    await context.SignInAsync(new ClaimsPrincipal(user));
                    await ContenderResponse.AnswerAsync(context);
                }
            )
        );
    }
}
