using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>The endpoints of the application: one for each act of the model, with the verbs as an application calls them.</summary>
/// <param name="users">What makes the users of this run different from those of others over the same store.</param>
internal sealed class ModelApplication(string users)
{
    public void Map(IEndpointRouteBuilder app)
    {
        Map(app, ModelAct.Page, ShowPageAsync).PublicSession();
        Map(app, ModelAct.Poll, ShowPageAsync).RequireSession();
        Map(app, ModelAct.Events, StreamAsync).RequireSession();
        Map(app, ModelAct.Socket, StreamAsync).RequireSession();
        Map(app, ModelAct.Upload, ShowPageAsync).RequireSession();
        Map(app, ModelAct.SetValue, SetValueAsync).RequireSession();
        Map(app, ModelAct.Rotate, RotateAsync).RequireSession();
        Map(app, ModelAct.Reauthenticate, ReauthenticateAsync).RequireSession();
        Map(app, ModelAct.SignIn, SignInAsync).PublicSession();
        Map(app, ModelAct.SignOut, SignOutAsync).PublicSession();
        Map(app, ModelAct.Visitor, StartVisitorAsync).PublicSession();
        Map(app, ModelAct.RevokeAll, RevokeAllAsync).RequireSession();
    }

    private static IEndpointConventionBuilder Map(IEndpointRouteBuilder app, ModelAct act, Func<HttpContext, ModelExchange, Task> handle) =>
        app.Map($"/{act}/{{argument}}", new RequestDelegate(http => handle(http, http.Features.GetRequiredFeature<ModelExchange>())));

    private static async Task ShowPageAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        Tell(http, exchange);

        // Some answers have a body and some have none: both carry cookies.
        if (exchange.Step.Argument % 2 == 0)
        {
            await http.Response.WriteAsync("page");
        }
    }

    /// <summary>An answer that begins at once and goes on for long.</summary>
    private static async Task StreamAsync(HttpContext http, ModelExchange exchange)
    {
        http.Response.StatusCode = exchange.Act == ModelAct.Socket ? 101 : 200;
        Tell(http, exchange);
        await http.Response.StartAsync();
        await exchange.HandleAsync();
    }

    private static async Task SetValueAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        var argument = exchange.Step.Argument;
        var patch = ValuesPatch.Empty.Set($"k{argument % 3}", argument.ToString(CultureInfo.InvariantCulture));
        var update = await http.UpdateSessionValuesAsync(patch);
        Tell(http, exchange, isStored: update.Outcome == SessionUpdateOutcome.Applied);
    }

    private static async Task RotateAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        await http.RotateSessionAsync();
        Tell(http, exchange);
    }

    private static async Task ReauthenticateAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        if (await http.ReauthenticateAsync() is null)
        {
            http.Response.StatusCode = 409;
        }

        Tell(http, exchange);
    }

    private async Task SignInAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        await http.InitSessionAsync(string.Create(CultureInfo.InvariantCulture, $"user{exchange.Step.Argument % 2}{users}"));
        Tell(http, exchange);
    }

    private static async Task SignOutAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        await http.RevokeSessionAsync();
        Tell(http, exchange);
    }

    private static async Task StartVisitorAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        await http.StartVisitorSessionAsync();
        Tell(http, exchange);
    }

    private static async Task RevokeAllAsync(HttpContext http, ModelExchange exchange)
    {
        await exchange.HandleAsync();
        await http.RevokeAllSessionsAsync();
        Tell(http, exchange);
    }

    /// <summary>What the application would say in the body of its answer.</summary>
    private static void Tell(HttpContext http, ModelExchange exchange, bool isStored = false) =>
        exchange.Facts = http.GetSession() is { } session
            ? new(
                session.Id.ToString(),
                session.AuthenticatedAt?.ToUnixTimeMilliseconds() ?? 0,
                isStored,
                session.Values.ToImmutableDictionary()
            )
            : ModelFacts.None;
}
