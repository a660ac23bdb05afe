namespace Sessions.Demo.Pages;

/// <summary>Open to all visitors; greets a user who is signed in.</summary>
internal static class HomePage
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Layout.MapFiles(app);
        app.MapGet("/", (Delegate)ShowAsync).PublicSession();
    }

    private static async Task<IResult> ShowAsync(HttpContext http, TimeProvider time) =>
        http.GetSession() is { } session
            ? Layout.Page(
                "Home",
                session,
                RenderSignedIn(session, SignInNotice.Notice(session, await http.FetchAllSessionsAsync(), time.GetUtcNow()))
            )
            : Layout.Page("Home", session: null, http.GetSessionRejection() == SessionRejection.StoreUnavailable ? Unavailable : SignedOut);

    private static Html RenderSignedIn(Session session, Html notice) =>
        $"""
            <section class="hero">
              <h1>Hello, {session.UserKey}.</h1>
              <p>You are signed in until {TimeText.Absolute(
                session.EndsAt
            )} at the latest. The browser holds one cookie that no script can read; everything else is on the
              server, where you can look at it and end it.</p>
              <p class="actions"><a class="button" href="/devices">See your devices</a></p>
            </section>
            {notice}
            """;

    private static Html SignedOut =>
        $"""
            <section class="hero">
              <h1>Hello, stranger.</h1>
              <p>This is what sessions on the server look like: sign in on a few browsers, see them all in one list, and sign any of them out from any other.</p>
              <p class="actions"><a class="button" href="/login">Sign in</a></p>
            </section>
            <section class="grid">
              <article><h2>List</h2><p>Every device that is signed in, with browser, system and address.</p></article>
              <article><h2>End</h2><p>One of them, all others, or all. It takes effect with the next request.</p></article>
              <article><h2>Trust</h2><p>Only a hash is stored: a reader of the database cannot sign in with it.</p></article>
            </section>
            """;

    private static Html Unavailable =>
        $"""
            <section class="hero">
              <h1>Hello.</h1>
              <p>The store of the sessions does not answer, so this page cannot tell whether you are signed in. Your cookie was left alone; try again in a moment.</p>
            </section>
            """;
}
