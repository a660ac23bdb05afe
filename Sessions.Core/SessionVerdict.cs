using System.Diagnostics.CodeAnalysis;

namespace Sessions;

/// <summary>The answer to a token: the session, or why there is none.</summary>
public readonly record struct SessionVerdict
{
    private SessionVerdict(Session? session, SessionRejection rejection)
    {
        (Session, Rejection) = (session, rejection);
    }

    /// <summary>The session that the token opens; null when it opens none.</summary>
    public Session? Session { get; }

    /// <summary>Why there is no session.</summary>
    public SessionRejection Rejection { get; }

    /// <summary>Whether there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Session))]
    public bool Accepted => Session is not null;

    /// <summary>The token opens this session.</summary>
    public static SessionVerdict Accept(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new(session, SessionRejection.None);
    }

    /// <summary>The token opens nothing.</summary>
    public static SessionVerdict Reject(SessionRejection rejection) =>
        rejection == SessionRejection.None
            ? throw new ArgumentException("A rejection has a reason.", nameof(rejection))
            : new(null, rejection);
}
