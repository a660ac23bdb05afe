namespace Sessions.Demo.Pages;

/// <summary>All sessions of a user, with the power to end them. Forms are enough: a foreign site cannot send them.</summary>
internal static class DevicesPage
{
    private const string Path = "/devices";

    public static void Map(IEndpointRouteBuilder app)
    {
        var devices = app.MapGroup(Path).RequireSession();
        devices.MapGet("", ShowAsync);
        SignInNotice.Map(app);
        LiveDevices.Map(app);
        devices.MapPost("/{id}/revoke", RevokeAsync);
        devices.MapPost("/others/revoke", (Delegate)RevokeOthersAsync);
        devices.MapPost("/all/revoke", (Delegate)RevokeAllAsync);
    }

    private static async Task<IResult> RevokeAsync(HttpContext http, SessionId id)
    {
        await http.RevokeSessionAsync(id);
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> RevokeOthersAsync(HttpContext http)
    {
        await http.RevokeOtherSessionsAsync();
        return Results.LocalRedirect(Path);
    }

    private static async Task<IResult> RevokeAllAsync(HttpContext http)
    {
        await http.RevokeAllSessionsAsync();
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TimeProvider time)
    {
        var sessions = await http.FetchAllSessionsAsync();
        var (session, now) = (http.GetSession()!, time.GetUtcNow());
        Html page = $"""
            <h1>Your devices</h1>
            <p class="muted">You are signed in on {sessions.Count} device{(sessions.Count == 1 ? "" : "s")}. End what you do not know.</p>
            {SignInNotice.Notice(session, sessions, now)}
            <ul class="devices">
              {sessions.Reverse().OrderByDescending(session => session.IsCurrent).Select(session => Device(session, now))}
            </ul>
            {Countdown.Render(session, now)}
            <div class="actions">
              {Others(sessions.Count - 1)}
              <form method="post" action="{Path}/all/revoke"><button class="button danger">Sign out everywhere</button></form>
            </div>
            {LiveDevices.Script}
            """;
        return Layout.Page("Devices", session, page);
    }

    private static Html Others(int count)
    {
        if (count == 0)
        {
            return Html.Empty;
        }

        return $"""
            <form method="post" action="{Path}/others/revoke"><button class="button quiet">Sign out {count} other{(
                count == 1 ? "" : "s"
            )}</button></form>
            """;
    }

    private static Html Device(ListedSession session, DateTimeOffset now)
    {
        return $"""
            <li class="card">
              <div>
                <h2>{session.Browser ?? "Unknown browser"} on {session.OperatingSystem ?? "an unknown system"} {Badge(session)}</h2>
                <p class="muted">{session.Device} · {session.IPAddress ?? "unknown address"} · last seen {TimeText.Ago(
                session.LastSeenAt,
                now
            )}
                · signed in {TimeText.Ago(session.CreatedAt, now)}</p>
              </div>
              <form method="post" action="{Path}/{session.Id}/revoke"><button class="button quiet">Sign out</button></form>
            </li>
            """;
    }

    private static Html Badge(ListedSession session)
    {
        if (!session.IsCurrent)
        {
            return Html.Empty;
        }

        return $"""<span class="mark">this device</span>""";
    }
}
