using System.Diagnostics.CodeAnalysis;

namespace Sessions;

/// <summary>The answer to a token: the session, or why there is none.</summary>
public readonly record struct SessionAuthResult
{
    private SessionAuthResult(
        Session? session,
        SessionRejection rejection,
        SecretMatch match = SecretMatch.Mismatch,
        bool hasClientChanged = false
    )
    {
        (Session, Rejection, Match, HasClientChanged) = (session, rejection, match, hasClientChanged);
    }

    /// <summary>The session that the token opens; null when it opens none.</summary>
    public Session? Session { get; }

    /// <summary>Why there is no session.</summary>
    public SessionRejection Rejection { get; }

    /// <summary>Whether there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    public bool IsAccepted => Session is not null;

    /// <summary>What the shown secret is to the session.</summary>
    internal SecretMatch Match { get; }

    /// <summary>Whether the client is not the one that the session is bound to, and that is only reported.</summary>
    internal bool HasClientChanged { get; }

    internal static SessionAuthResult Accept(Session session, SecretMatch match = SecretMatch.Current, bool hasClientChanged = false) =>
        new(session, SessionRejection.None, match, hasClientChanged);

    /// <summary>The same verdict on the session as it is stored now.</summary>
    internal SessionAuthResult WithSession(Session session) => new(session, Rejection, Match, HasClientChanged);

    /// <summary>The token opens nothing.</summary>
    public static SessionAuthResult Reject(SessionRejection rejection) =>
        rejection == SessionRejection.None
            ? throw new ArgumentException("A rejection has a reason.", nameof(rejection))
            : new(null, rejection);
}

/// <summary>What a shown secret is to a session.</summary>
internal enum SecretMatch
{
    /// <summary>Not of this session: garbage on a public id. Says nothing about the session.</summary>
    Mismatch,

    /// <summary>The current secret.</summary>
    Current,

    /// <summary>The current secret after a rotation, shown for the first time.</summary>
    Unconfirmed,

    /// <summary>The secret before it, while it is still good.</summary>
    Previous,

    /// <summary>The right lineage with a secret that is no longer accepted: a copy is in use.</summary>
    Reused,
}
