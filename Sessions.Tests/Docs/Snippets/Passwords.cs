using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.Docs.Snippets;

internal static class Passwords
{
    public static void Checking(WebApplicationBuilder builder, WebApplication app)
    {
        // snippet
        builder.Services.AddPasswordChecks(o => o.Words.Add("Fruitshop"));
        builder.Services.AddSingleton<IBreachedPasswordList>(BreachedPasswordList.Read("breached.txt"));

        app.MapPost("/register", async (Registration form, PasswordChecker passwords, CancellationToken ct) =>
        {
            var verdict = await passwords.CheckAsync(form.Password, [form.Name, form.Mail], ct);
            return verdict.IsAccepted ? Results.Ok() : Results.BadRequest(verdict.Messages);
        });
        // end
    }

    public static void Identity(WebApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddIdentityCore<User>().AddPasswordChecks();
        // end
    }

    private sealed record Registration(string Password, string Name, string Mail);

    private sealed class User;
}
