using Microsoft.AspNetCore.SignalR;
using Sessions.AspNetCore;

namespace Sessions;

/// <summary>Sessions in hubs.</summary>
public static class HubCallerContextSessionExtensions
{
    /// <summary>
    /// A token that fires when the session of a hub's connection ends, on every transport; as
    /// <see cref="HttpContextSessionExtensions.SessionRevoked"/> does for a request. Usually aborts the connection:
    /// <c>Context.SessionRevoked().UnsafeRegister(_ => Context.Abort(), null)</c> in <c>OnConnectedAsync</c>.
    /// </summary>
    /// <param name="context">The connection, with <c>.RequireSession()</c> or <c>.PublicSession()</c> on its hub.</param>
    /// <param name="name">The name of the sessions; empty for the default.</param>
    /// <returns>A token that never fires, if the connection has no session.</returns>
    /// <exception cref="InvalidOperationException">The hub has neither filter, or its connection is not one over HTTP.</exception>
    public static CancellationToken SessionRevoked(this HubCallerContext context, string name = "")
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.GetHttpContext() is not { } http)
        {
            throw new InvalidOperationException("The connection of the hub is not one over HTTP, so it has no session.");
        }

        if (http.Features.Get<ISessionUpFeature>() is not null)
        {
            return http.SessionRevoked(name);
        }

        if (HubSessions.Find(http) is not { } sessions)
        {
            throw HttpContextSessionExtensions.CreateNotEvaluatedException(name);
        }

        if (!sessions.TryGetValue(name, out var session))
        {
            return CancellationToken.None;
        }

        // A hub may call this with every message.
        lock (sessions)
        {
            var key = (typeof(HubCallerContextSessionExtensions), name);
            if (!context.Items.TryGetValue(key, out var known) || known is not RevocationRegistration watch)
            {
                watch = NamedSessionServices.Resolve(http.RequestServices, name).RevocationWatcher.Register(session);
                context.Items[key] = watch;
                context.ConnectionAborted.UnsafeRegister(static watch => ((RevocationRegistration)watch!).Dispose(), watch);
            }

            return watch.Ended;
        }
    }
}
