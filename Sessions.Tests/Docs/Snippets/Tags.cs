using Microsoft.AspNetCore.Http;

namespace Sessions.Tests.Docs.Snippets;

internal static class Tags
{
    public static async Task SignInAsync(HttpContext http, string userKey, string sid)
    {
        // snippet
        await http.InitSessionAsync(userKey, new SessionInit { Tags = [new() { Name = "oidc.sid", Value = sid }] });
        // end
    }

    public static async Task<int> RevokeAsync(SessionAdministration sessions, string sid)
    {
        // snippet
        var ended = await sessions.RevokeByTagAsync(new() { Name = "oidc.sid", Value = sid });
        // end
        return ended;
    }
}
