namespace Sessions.AspNetCore;

/// <content>The session of a ticket.</content>
internal sealed partial class SessionUpFeature
{
    private (Session Session, SessionToken Token, bool IsCached)? _candidate;

    /// <summary>Holds the session of a ticket until the application has accepted the user of the ticket.</summary>
    public void SetCandidate(Session session, SessionToken token, bool isCached) => _candidate = (session, token, isCached);

    /// <summary>The application has accepted the user of the ticket: its session is the one of this request, unless there is one.</summary>
    public void AcceptCandidate()
    {
        if (Result is null && _candidate is { } candidate)
        {
            (Source, Token, IsCached) = (CredentialSource.Ticket, candidate.Token, candidate.IsCached);
            SetResult(SessionAuthResult.Accept(candidate.Session));
        }
    }

    /// <summary>The ticket is gone, and with it the session that came with it. A session of our own cookie stays.</summary>
    public void EndAccepted()
    {
        _candidate = null;
        if (Source == CredentialSource.Ticket)
        {
            SetSignedOut();
        }
    }
}
