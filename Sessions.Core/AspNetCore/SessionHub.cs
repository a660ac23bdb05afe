using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>Sessions in hubs.</summary>
public static class SessionHub
{
    /// <summary>
    /// A token that fires when the session of a hub's connection ends, on every transport; as <see cref="SessionHttpContext.SessionRevoked"/> does for a request. Usually aborts the
    /// connection: <c>Context.SessionRevoked().UnsafeRegister(_ => Context.Abort(), null)</c> in <c>OnConnectedAsync</c>.
    /// </summary>
    /// <param name="connection">The connection, with <c>.RequireSession()</c> or <c>.PublicSession()</c> on its hub.</param>
    /// <param name="name">The name of the sessions; null for the default.</param>
    /// <returns>A token that never fires, if the connection has no session.</returns>
    /// <exception cref="InvalidOperationException">The hub has neither filter, or its connection is not one over HTTP.</exception>
    public static CancellationToken SessionRevoked(this HubCallerContext connection, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        name ??= string.Empty;
        if (connection.GetHttpContext() is not { } http)
        {
            throw new InvalidOperationException("The connection of the hub is not one over HTTP, so it has no session.");
        }

        if (http.Features.Get<ISessionUpFeature>() is not null)
        {
            return http.SessionRevoked(name);
        }

        if (http.Items[typeof(SessionHub)] is not Dictionary<string, Session> sessions)
        {
            throw SessionHttpContext.NotFiltered(name);
        }

        if (!sessions.TryGetValue(name, out var session))
        {
            return CancellationToken.None;
        }

        // A hub may ask with every call.
        lock (sessions)
        {
            var key = (typeof(SessionHub), name);
            if (!connection.Items.TryGetValue(key, out var known) || known is not SessionWatch watch)
            {
                watch = http.RequestServices.GetRequiredKeyedService<SessionManager>(name).Watch(session);
                connection.Items[key] = watch;
                connection.ConnectionAborted.UnsafeRegister(static watch => ((SessionWatch)watch!).Dispose(), watch);
            }

            return watch.Ended;
        }
    }

    /// <summary>
    /// Leaves the sessions of a request with it. Polls are requests of their own; of the first one, the connection keeps a copy with these items and without its features.
    /// </summary>
    internal static void Leave(HttpContext context, string name, Session? session)
    {
        if (context.Items[typeof(SessionHub)] is not Dictionary<string, Session> sessions)
        {
            context.Items[typeof(SessionHub)] = sessions = [];
        }

        if (session is not null)
        {
            sessions[name] = session;
        }
    }
}
