using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// The sessions of a hub's connection, held with its first request. Polls are requests of their own; of the first one, the connection keeps
/// a copy with these items and without its features.
/// </summary>
internal static class HubSessions
{
    public static void Set(HttpContext context, string name, Session? session)
    {
        if (Find(context) is not { } sessions)
        {
            context.Items[typeof(HubSessions)] = sessions = [];
        }

        if (session is not null)
        {
            sessions[name] = session;
        }
    }

    /// <summary>The sessions by name; null: the connection was not admitted by a policy.</summary>
    public static Dictionary<string, Session>? Find(HttpContext context) =>
        context.Items[typeof(HubSessions)] as Dictionary<string, Session>;
}
