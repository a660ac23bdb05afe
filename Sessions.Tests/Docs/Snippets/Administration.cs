using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Sessions.Tests.Docs.Snippets;

internal static class Administration
{
    public static void ListSessions(RouteGroupBuilder admin)
    {
        // snippet
        admin.MapGet("/sessions", async (SessionAdministration sessions, string? after) =>
        {
            var page = await sessions.FetchPageAsync(after, pageSize: 50);
            return new { Sessions = page.Sessions.Select(session => new { session.Id, session.UserKey, session.LastSeenAt }), Next = page.Continuation };
        });
        admin.MapGet("/visitors", async (SessionAdministration sessions) => await sessions.EnumerateAsync().CountAsync(session => session.UserKey is null));
        // end
    }

    public static async Task<int> RevokeAsync(SessionAdministration sessions)
    {
        // snippet
        var incident = DateTimeOffset.Parse("2026-03-01T12:00:00Z", CultureInfo.InvariantCulture);
        var ended = await sessions.RevokeWhereAsync((userKey, createdAt) => createdAt < incident && userKey?.StartsWith("staff:", StringComparison.Ordinal) is true);
        // end
        return ended;
    }
}
