namespace Sessions.Demo.Pages;

/// <summary>
/// Tells what is wrong with a password. It is sent in the body, looked at and forgotten: no log, no store, no page shows it.
/// </summary>
internal static class PasswordPage
{
    private const string Path = "/password";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Path, static (HttpContext http) => Show(http, Html.Empty)).PublicSession();
        app.MapPost(Path, CheckAsync).PublicSession();
    }

    private static async Task<IResult> CheckAsync(HttpContext http, PasswordChecker checker)
    {
        if (!http.Request.HasFormContentType)
        {
            return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        string?[] about = [form["name"], http.GetSession()?.UserKey];
        var verdict = await checker.CheckAsync(form["password"].ToString(), about, http.RequestAborted);
        return Show(http, Verdict(verdict));
    }

    private static IResult Show(HttpContext http, Html verdict)
    {
        Html page = $"""
            <section class="card narrow">
              <h1>Try a password</h1>
              <p class="muted">Not one of yours. It takes 15 characters that are hard to guess; digits, capitals and symbols are welcome, and no duty. Nothing you type here is
              stored or logged.</p>
              {verdict}
              <form method="post" action="{Path}">
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="off" spellcheck="false" autofocus>
                <label for="name">Your name or mail address, which it must not be made of</label>
                <input id="name" name="name" maxlength="100" autocomplete="off">
                <button class="button">Check</button>
              </form>
            </section>
            """;
        return Layout.Page("Passwords", http.GetSession(), page);
    }

    private static Html Verdict(PasswordCheckResult verdict)
    {
        Html score =
            $"""<p class="strength"><label for="score">Strength</label> <meter id="score" max="4" low="2" high="3" optimum="4" value="{verdict.Score}">{verdict.Score} of 4</meter></p>""";
        if (verdict.IsAccepted)
        {
            return $"""<p class="good" role="status">This one will do.</p>{score}""";
        }

        return $"""<div class="error" role="alert">{verdict.Problems.Zip(verdict.Messages, Reason)}</div>{score}""";
    }

    private static Html Reason(PasswordProblem problem, string message) => $"""<p><code>{problem}</code> {message}</p>""";
}
