namespace Sessions.LoadTest.Contenders;

/// <summary>The endpoint alone, which anybody may call: what is left to win.</summary>
internal static class BareContender
{
    public static Contender Value { get; } = new("bare", "Bare endpoint", Database.None, static (_, _) => { }, Map);

    private static void Map(WebApplication app)
    {
        app.MapGet("/", (RequestDelegate)ContenderResponse.AnswerAsync);
        app.MapGet(
            "/login/{user}",
            (RequestDelegate)(
                static context =>
                {
                    // The driver wants a cookie of everybody, so that every request is as long as the others'.
                    context.Response.Cookies.Append("bare", new string('x', SessionToken.Length));
                    return ContenderResponse.AnswerAsync(context);
                }
            )
        );
    }
}
