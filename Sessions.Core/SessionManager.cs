using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sessions.Diagnostics;

namespace Sessions;

/// <summary>
/// What users do with the sessions of one name: sign in, authenticate, list, revoke, change values. Knows nothing of HTTP. All methods
/// throw <see cref="SessionStoreException"/> when the store fails, unless they say otherwise. What administrators do is in
/// <see cref="SessionAdministration"/>.
/// </summary>
public sealed partial class SessionManager : IAsyncDisposable, IDisposable
{
    private readonly SessionUpOptions _options;
    private readonly NotifyingSessionStore _store;
    private readonly SessionEventDispatcher _events;

    /// <summary>A manager over a store, without a container. Applications usually get theirs from <c>AddSessionUp</c>.</summary>
    /// <param name="store">Where the sessions are; the caller disposes it.</param>
    /// <param name="options">Must not be changed afterwards.</param>
    /// <param name="time">The clock; null: the system's. The store should have the same.</param>
    /// <param name="log">Null: no log.</param>
    /// <exception cref="OptionsValidationException">The options cannot work; the message says what to do.</exception>
    public SessionManager(ISessionStore store, SessionUpOptions options, TimeProvider? time = null, ILogger<SessionManager>? log = null)
        : this(Options.DefaultName, store, options, time ?? TimeProvider.System, log ?? NullLogger<SessionManager>.Instance, null) { }

    internal SessionManager(
        string name,
        ISessionStore store,
        SessionUpOptions options,
        TimeProvider time,
        ILogger<SessionManager> log,
        SessionMetrics? metrics
    )
    {
        Components = new SessionComponents(name, store, options, time, log, metrics);
        Authenticator = new SessionAuthenticator(Components);
        (_options, _store, _events) = (options, Components.Store, Components.Events);
    }

    /// <summary>Evaluates tokens, records the use of sessions and rotates secrets.</summary>
    public SessionAuthenticator Authenticator { get; }

    internal SessionComponents Components { get; }

    /// <inheritdoc cref="SessionAuthenticator.AuthAsync"/>
    public ValueTask<SessionAuthResult> AuthAsync(
        SessionToken token,
        ClientInfo? client = null,
        CancellationToken cancellationToken = default
    ) => Authenticator.AuthAsync(token, client, bypassCache: false, cancellationToken);

    /// <summary>
    /// The live sessions of the user of <paramref name="current"/>, as a user may see them, oldest first. For a visitor only this one.
    /// </summary>
    public async ValueTask<IReadOnlyList<ListedSession>> FetchAllAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        IReadOnlyList<Session> sessions;
        if (current.UserKey is not null)
        {
            sessions = await _store
                .FetchAllAsync(current.UserKey, _options.ListedValues.AsReadOnly(), cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            sessions = (await _store.FetchAsync(current.Id, cancellationToken).ConfigureAwait(false)).Session is { } session
                ? [session]
                : [];
        }

        return [.. sessions.Select(session => ListedSession.Create(session, current.Id, _options.ListedValues))];
    }

    /// <summary>
    /// Ends a session of the user of <paramref name="current"/>. A session of another user and an unknown one look the same.
    /// </summary>
    /// <returns>Whether a session of this user was ended.</returns>
    public async ValueTask<bool> RevokeAsync(Session current, SessionId id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);

        // A session never changes its owner, so reading it first and deleting it then is no race.
        var own =
            id == current.Id
            || (
                current.UserKey is not null
                && (await _store.FetchAsync(id, cancellationToken).ConfigureAwait(false)).Session is { } session
                && string.Equals(session.UserKey, current.UserKey, StringComparison.Ordinal)
            );
        return own
            && await Components.EndAsync(id, GetEndReason(id, current.Id), current.Id, cancellationToken).ConfigureAwait(false) is not null;
    }

    /// <summary>Ends every session of the user of <paramref name="current"/> but that one. A visitor has no others.</summary>
    /// <returns>How many were ended; null: <paramref name="current"/> itself is no longer alive, and nothing was ended.</returns>
    public async ValueTask<int?> RevokeOtherAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current.UserKey is null)
        {
            return (await _store.FetchAsync(current.Id, cancellationToken).ConfigureAwait(false)).Session is null ? null : 0;
        }

        var deletion = _store.DeleteAllAsync(current.UserKey, current.Id, cancellationToken);
        var ended = await Components.EndManyAsync(deletion, static _ => SessionEndReason.OtherDevice, current.Id).ConfigureAwait(false);
        return ended?.Count;
    }

    /// <summary>Ends every session of the user of <paramref name="current"/>, that one included. For a visitor only this one.</summary>
    /// <returns>How many were ended.</returns>
    public async ValueTask<int> RevokeAllAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        if (current.UserKey is null)
        {
            return await RevokeAsync(current, current.Id, cancellationToken).ConfigureAwait(false) ? 1 : 0;
        }

        var deletion = _store.DeleteAllAsync(current.UserKey, except: null, cancellationToken);
        var ended = await Components
            .EndManyAsync(deletion, session => GetEndReason(session.Id, current.Id), current.Id)
            .ConfigureAwait(false);
        return ended?.Count ?? 0;
    }

    /// <summary>
    /// Writes the last use of sessions that is still queued. The container calls it when the host stops, after the last request.
    /// </summary>
    public ValueTask DisposeAsync() => Components.DisposeAsync();

    /// <summary>Loses the last use of sessions that is still queued; <see cref="DisposeAsync"/> writes it.</summary>
    public void Dispose() => Components.Dispose();

    private static SessionEndReason GetEndReason(SessionId ended, SessionId actor) =>
        ended == actor ? SessionEndReason.SignedOut : SessionEndReason.OtherDevice;
}
