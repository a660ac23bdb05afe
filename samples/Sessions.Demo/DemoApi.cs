namespace Sessions.Demo;

/// <summary>The same for programs, as JSON.</summary>
internal static class DemoApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/login", LogInAsync);
        app.MapGet("/api/me", static (HttpContext http) => Me.Create(http.GetSession()!)).RequireSession();
        app.MapPost("/api/rotate", (Delegate)RotateAsync).RequireSession();
        app.MapPost("/api/upload", (Delegate)UploadAsync).RequireSession();
        app.MapPost("/api/logout", (Delegate)LogOutAsync).RequireSession();
        app.MapSessions("/api/sessions");
    }

    private static async Task<IResult> LogInAsync(LoginRequest login, HttpContext http)
    {
        if (Accounts.ParseUserKey(login.Name, out var error) is not { } userKey)
        {
            return Results.Problem(error, statusCode: StatusCodes.Status400BadRequest);
        }

        var session = await http.InitSessionAsync(
            userKey,
            new SessionInit { IsPersistent = login.Remember, AuthenticationMethod = "name" }
        );
        return Results.Ok(Me.Create(session));
    }

    /// <summary>What the SDK does by itself from time to time: the browser gets a new secret.</summary>
    private static async Task<IResult> RotateAsync(HttpContext http)
    {
        await http.RotateSessionAsync();
        return Results.NoContent();
    }

    /// <summary>
    /// Takes as long as its body does, so that the token may be replaced meanwhile. Reads the body to its end and keeps nothing of it.
    /// </summary>
    private static async Task<IResult> UploadAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        return Results.Ok();
    }

    private static async Task<IResult> LogOutAsync(HttpContext http)
    {
        await http.RevokeSessionAsync();
        return Results.NoContent();
    }

    private sealed record LoginRequest(string? Name, bool Remember);

    private sealed record Me(string? User, SessionId Session, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
    {
        public static Me Create(Session session) => new(session.UserKey, session.Id, session.CreatedAt, session.ExpiresAt);
    }
}
