namespace Sessions.Demo.Pages;

/// <summary>Where a browser without a session is led to, and back from.</summary>
internal static class LoginPage
{
    public const string Path = "/login";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, static (HttpContext http) => Show(http, name: null, error: null)).PublicSession();
        app.MapPost(Path, (Delegate)SignInAsync).PublicSession();
        // Public: a sign-out works with any token of the session, however old.
        app.MapPost("/logout", (Delegate)SignOutAsync).PublicSession();
    }

    private static async Task<IResult> SignInAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var name = form["name"].ToString();
        if (Accounts.ParseUserKey(name, out var error) is not { } userKey)
        {
            return Show(http, name, error);
        }

        await http.InitSessionAsync(
            userKey,
            new SessionInit { IsPersistent = form.ContainsKey("remember"), AuthenticationMethod = "name" }
        );
        return Results.LocalRedirect(http.GetSessionReturnUrl() ?? "/devices");
    }

    private static async Task<IResult> SignOutAsync(HttpContext http)
    {
        await http.RevokeSessionAsync();
        return Results.LocalRedirect("/");
    }

    private static IResult Show(HttpContext http, string? name, string? error)
    {
        Html form = $"""
            <section class="card narrow">
              <h1>Sign in</h1>
              <p class="muted">Any name will do: this demo asks for no password.</p>
              <form method="post" action="{Path}{http.Request.QueryString.Value}">
                {Alert(error)}
                <label for="name">Name</label>
                <input id="name" name="name" value="{name}" maxlength="40" autocomplete="username" required autofocus>
                <label class="check"><input type="checkbox" name="remember" value="yes"> Remember me on this device</label>
                <button class="button">Sign in</button>
              </form>
            </section>
            """;
        return Layout.Page("Sign in", http.GetSession(), form, error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static Html Alert(string? error)
    {
        if (error is null)
        {
            return Html.Empty;
        }

        return $"""<p class="error" role="alert">{error}</p>""";
    }
}
