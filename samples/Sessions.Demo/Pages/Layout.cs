namespace Sessions.Demo.Pages;

/// <summary>What all pages share.</summary>
internal static class Layout
{
    private static readonly byte[] Css = Read("demo.css");
    private static readonly byte[] Countdown = Read("countdown.js");
    private static readonly byte[] Devices = Read("devices.js");

    public static IResult Page(string title, Session? session, Html content, int statusCode = StatusCodes.Status200OK)
    {
        Html page = $"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <meta name="color-scheme" content="light dark">
              <title>{title} · Sessions</title>
              <link rel="icon" href="data:,">
              <link rel="stylesheet" href="/demo.css">
            </head>
            <body>
              <header>
                <nav>
                  <a class="brand" href="/">Sessions</a>
                  <a href="/password">Passwords</a>
                  <a href="/tokens">Tokens</a>
                  <a href="/cart">Cart</a>
                  {Links(session)}
                </nav>
              </header>
              <main>
                {content}
              </main>
            </body>
            </html>
            """;
        return Results.Content(page.ToString(), "text/html; charset=utf-8", statusCode: statusCode);
    }

    public static void MapFiles(IEndpointRouteBuilder app)
    {
        app.MapGet("/demo.css", static () => Results.Bytes(Css, "text/css; charset=utf-8"));
        app.MapGet("/countdown.js", static () => Results.Bytes(Countdown, "text/javascript; charset=utf-8"));
        app.MapGet("/devices.js", static () => Results.Bytes(Devices, "text/javascript; charset=utf-8"));
    }

    private static Html Links(Session? session)
    {
        if (session is null)
        {
            return $"""<a href="/login">Sign in</a>""";
        }

        return $"""
            <a href="/devices">Devices</a>
            <form method="post" action="/logout"><button class="link">Sign out <b>{session.UserKey}</b></button></form>
            """;
    }

    private static byte[] Read(string name)
    {
        using var file = typeof(Layout).Assembly.GetManifestResourceStream(name)!;
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }
}
