namespace Sessions.Demo.Pages;

/// <summary>
/// "Signed in elsewhere": which sessions of the user began after this one, until the user confirms that these are their own.
/// </summary>
internal static class SignInNotice
{
    private const string Path = "/devices/acknowledge";

    // A value of this session: what one device knows is no news to another only once it was said there, too.
    private const string AcknowledgedAtKey = "sign-in-notice-acknowledged-at";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path, (Delegate)AcknowledgeAsync).RequireSession();

    public static Html Notice(Session session, IEnumerable<ListedSession> sessions, DateTimeOffset now)
    {
        var knownAt = session.Values.Get<DateTimeOffset?>(AcknowledgedAtKey) ?? session.CreatedAt;
        var unknown = sessions.Where(other => !other.IsCurrent && other.CreatedAt > knownAt).ToList();
        if (unknown.Count == 0)
        {
            return Html.Empty;
        }

        return $"""
            <section class="card notice">
              <div>
                <h2>Signed in elsewhere</h2>
                {unknown.Select(other => Line(other, now))}
              </div>
              <form method="post" action="{Path}"><button class="button quiet">That was me</button></form>
            </section>
            """;
    }

    private static async Task<IResult> AcknowledgeAsync(HttpContext http, TimeProvider time)
    {
        await http.SetSessionValueAsync(AcknowledgedAtKey, time.GetUtcNow());
        return Results.LocalRedirect("/devices");
    }

    private static Html Line(ListedSession session, DateTimeOffset now)
    {
        return $"""
            <p>{session.Browser ?? "Unknown browser"} on {session.OperatingSystem ?? "an unknown system"}, {TimeText.Ago(
                session.CreatedAt,
                now
            )}</p>
            """;
    }
}
