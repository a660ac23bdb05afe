using System.Text;

namespace Sessions.LoadTest.Contenders;

/// <summary>What every contender answers, so that only the way there differs.</summary>
internal static class ContenderResponse
{
    public const string Greeting = "Hello, World!";

    private static readonly byte[] Text = Encoding.ASCII.GetBytes(Greeting);

    public static Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Text.Length;
        return context.Response.Body.WriteAsync(Text).AsTask();
    }

    public static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    public static string UserOf(HttpContext context) => (string)context.GetRouteValue("user")!;
}
