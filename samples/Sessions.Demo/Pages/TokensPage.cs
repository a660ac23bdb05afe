namespace Sessions.Demo.Pages;

/// <summary>What an application can make without any session: tokens, random ids, ids that sort by time.</summary>
internal static class TokensPage
{
    private const string Path = "/tokens";
    private const int MaxLength = 200;

    private static readonly SortableIdGenerator Sortable = new();

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, static (HttpContext http) => Show(http, Html.Empty)).PublicSession();
        app.MapPost(Path, (Delegate)ReadAsync).PublicSession();
    }

    /// <summary>A token is sent in the body: addresses are kept in histories and logs.</summary>
    private static async Task<IResult> ReadAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return Show(http, Read(form["text"].ToString()));
    }

    private static Html Read(string text)
    {
        if (SortableIdGenerator.TryGetTime(text, out var at))
        {
            return $"""<p class="good" role="status">A sortable id, made on {TimeText.Absolute(at)}.</p>""";
        }

        if (text.Length <= MaxLength && RandomToken.TryDecode(text, out var token))
        {
            return $"""<p class="good" role="status">A token of {token.Length} bytes: <code>{Convert.ToHexStringLower(token)}</code></p>""";
        }

        return $"""<p class="error" role="alert">This is neither a token nor a sortable id.</p>""";
    }

    private static IResult Show(HttpContext http, Html answer)
    {
        var token = RandomToken.Create();
        Html page = $"""
            <h1>Tokens and ids</h1>
            <p class="muted">Made for this page and kept nowhere. Load it again for others.</p>
            <section class="made">
              {Example("Token", RandomToken.Encode(token), $"32 random bytes: {Convert.ToHexStringLower(token)}")}
              {Example("Random id", RandomId.Create(), "Letters and digits, each as likely as any other.")}
              {Example(
                "Sortable ids",
                $"{Sortable.Create()} {Sortable.Create()}",
                "Time first, then chance: the order of the texts is the order in which they were made."
            )}
            </section>
            <section class="card">
              <h2>Read one</h2>
              {answer}
              <form method="post" action="{Path}">
                <label for="text">A token or a sortable id</label>
                <input id="text" name="text" maxlength="{MaxLength}" autocomplete="off" spellcheck="false" required>
                <button class="button">Decode</button>
              </form>
            </section>
            """;
        return Layout.Page("Tokens", http.GetSession(), page);
    }

    private static Html Example(string name, string text, string what) =>
        $"""<article class="card"><h2>{name}</h2><p><code>{text}</code></p><p class="muted">{what}</p></article>""";
}
