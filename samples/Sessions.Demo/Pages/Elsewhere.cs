using Sessions.AspNetCore;

namespace Sessions.Demo.Pages;

/// <summary>"Signed in elsewhere": which sessions of the user began after this one, until he says that he knows them.</summary>
internal static class Elsewhere
{
    private const string Path = "/devices/known";

    // A value of this session: what one device knows is no news to another only once it was said there, too.
    private const string KnownAt = "known-at";

    public static void Map(IEndpointRouteBuilder app) => app.MapPost(Path, (Delegate)RememberAsync).RequireSession();

    public static Html Notice(Session session, IEnumerable<ListedSession> sessions, DateTimeOffset now)
    {
        var knownAt = session.Values.Get<DateTimeOffset?>(KnownAt) ?? session.CreatedAt;
        var unknown = sessions.Where(other => !other.Current && other.CreatedAt > knownAt).ToList();
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

    private static async Task<IResult> RememberAsync(HttpContext http, TimeProvider time)
    {
        await http.SetSessionValueAsync(KnownAt, time.GetUtcNow());
        return Results.LocalRedirect("/devices");
    }

    private static Html Line(ListedSession session, DateTimeOffset now)
    {
        return $"""
            <p>{session.Browser ?? "Unknown browser"} on {session.OS ?? "an unknown system"}, {When.Ago(session.CreatedAt, now)}</p>
            """;
    }
}
