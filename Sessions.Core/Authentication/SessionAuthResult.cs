using System.Diagnostics.CodeAnalysis;

namespace Sessions;

/// <summary>The answer to a token: the session, or why there is none.</summary>
public readonly record struct SessionAuthResult
{
    private SessionAuthResult(
        Session? session,
        SessionRejection rejection,
        TokenStanding standing = TokenStanding.Wrong,
        bool hasClientChanged = false,
        bool isFirstShowing = false
    )
    {
        (Session, Rejection, Standing, HasClientChanged, IsFirstShowing) = (session, rejection, standing, hasClientChanged, isFirstShowing);
    }

    /// <summary>The session that the token opens; null when it opens none.</summary>
    public Session? Session { get; }

    /// <summary>Why there is no session.</summary>
    public SessionRejection Rejection { get; }

    /// <summary>Whether there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    public bool IsAccepted => Session is not null;

    /// <summary>What the shown token is to the session.</summary>
    internal TokenStanding Standing { get; }

    /// <summary>Whether the client is not the one that the session is bound to, and that is only reported.</summary>
    internal bool HasClientChanged { get; }

    /// <summary>Whether no request before this one is known to have shown the token, which a rotation made.</summary>
    internal bool IsFirstShowing { get; }

    internal static SessionAuthResult Accept(
        Session session,
        TokenStanding standing = TokenStanding.Current,
        bool hasClientChanged = false
    ) =>
        new(
            session,
            SessionRejection.None,
            standing,
            hasClientChanged,
            isFirstShowing: standing == TokenStanding.Current && session.Credential is { RotatedAt: not null, DeliveredAt: null }
        );

    /// <summary>The same verdict on the session as it is stored now.</summary>
    internal SessionAuthResult WithSession(Session session) => new(session, Rejection, Standing, HasClientChanged, IsFirstShowing);

    /// <summary>The token opens nothing.</summary>
    public static SessionAuthResult Reject(SessionRejection rejection) =>
        rejection == SessionRejection.None
            ? throw new ArgumentException("A rejection has a reason.", nameof(rejection))
            : new(null, rejection);
}
