namespace Sessions;

/// <summary>
/// The rules of rotation as functions of a credential, a token and an instant; the page docs/life.md has them in words. An honest client,
/// however slow, reordered or crashed, keeps its session as long as no request takes longer than
/// <see cref="SessionUpOptions.ReuseWindow"/>. Each function returns the credential that follows; the store writes it only if its own is
/// still the one that the function was given.
/// </summary>
/// <param name="options">The durations.</param>
internal sealed class RotationRules(SessionUpOptions options)
{
    /// <summary>
    /// How long after it was first shown a token is certainly on the browser's disk. Chromium writes cookies up to 30 seconds late; the
    /// rest is for slow requests.
    /// </summary>
    public static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The same where another node wrote down the first showing, whose clock may be two minutes off: a token that is taken as confirmed too
    /// soon leaves a browser that crashed with one that is refused.
    /// </summary>
    public static readonly TimeSpan ForeignFlushTime = FlushTime + TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_longestReissueDelay = TimeSpan.FromSeconds(60);

    /// <summary>After what time a token that was replaced is a copy: no request of the owner is on its way as long.</summary>
    private TimeSpan Window =>
        (options.RotateAfter < options.ReuseWindow ? options.RotateAfter.Value : options.ReuseWindow) + ClockTolerance.Evaluation;

    private TimeSpan ReissueDelay => options.RotationGrace < s_longestReissueDelay ? options.RotationGrace : s_longestReissueDelay;

    /// <summary>What a token is to a session with this credential.</summary>
    public TokenStanding Evaluate(in SessionCredential credential, SessionToken token, DateTimeOffset now)
    {
        // The usual case needs one hash only: the token's text contains its lineage.
        if (token.Generation == credential.Generation)
        {
            return token.Hash == credential.Current ? TokenStanding.Current : TokenStanding.Wrong;
        }

        if (token.LineageHash != credential.Lineage)
        {
            return TokenStanding.Wrong;
        }

        return (credential.Generation - token.Generation) switch
        {
            < 0 => TokenStanding.Ahead,
            1 when token.Hash != credential.Previous => TokenStanding.Wrong,
            1 => EvaluatePrevious(credential, now),
            _ => IsCopied(credential, token.Generation, now) ? TokenStanding.Copied : TokenStanding.Late,
        };
    }

    /// <summary>
    /// What a request with the current token proves: the first, that the token was delivered; one a minute later, that the browser
    /// certainly has it.
    /// </summary>
    /// <param name="credential">What is stored.</param>
    /// <param name="now">The instant of the request.</param>
    /// <param name="flushTime">How long after the first showing a second one proves it.</param>
    public static SessionCredential RecordShowing(in SessionCredential credential, DateTimeOffset now, TimeSpan flushTime) =>
        credential.RotatedAt is null || credential.ConfirmedAt is not null ? credential
        : credential.DeliveredAt is not { } deliveredAt ? credential with { DeliveredAt = now }
        : now >= deliveredAt + flushTime ? credential with { ConfirmedAt = now, Salt = null }
        : credential;

    /// <summary>Whether the current token may be replaced: the browser certainly has it.</summary>
    public static bool CanRotate(in SessionCredential credential) =>
        (credential.Generation == 0 || credential.ConfirmedAt is not null) && credential.Generation < SessionToken.MaxGeneration;

    /// <summary>Whether it is time to replace the current token.</summary>
    public bool IsRotationDue(Session session, DateTimeOffset now) =>
        options.RotateAfter is { } interval
        && CanRotate(session.Credential)
        && now >= (session.Credential.ConfirmedAt ?? session.CreatedAt) + interval;

    /// <summary>Replaces the current token, which the client has shown.</summary>
    /// <param name="session">With the credential that the store must still have.</param>
    /// <param name="shown">The current token.</param>
    /// <param name="salt">Fresh random bytes.</param>
    /// <param name="kind">What for.</param>
    /// <param name="now">The instant of the rotation.</param>
    /// <param name="next">The new token.</param>
    public SessionCredential Rotate(
        Session session,
        SessionToken shown,
        CredentialSalt salt,
        RotationKind kind,
        DateTimeOffset now,
        out SessionToken next
    )
    {
        next = shown.Derive(salt);
        var credential = session.Credential;
        var (older, younger) = GetAnchors(credential);
        return new()
        {
            Lineage = credential.Lineage,
            Current = next.Hash,
            Generation = next.Generation,
            Previous = credential.Current,
            PreviousConfirmedAt = credential.ConfirmedAt,
            PreviousPrivileges = kind == RotationKind.Reauthentication ? GetPrivileges(session) : null,
            Salt = salt,
            RotationKind = kind,
            RotatedAt = now,
            OlderAnchor = older,
            YoungerAnchor = younger,
        };
    }

    /// <summary>
    /// Whether a request that showed the previous token is given the current one again, though it did not rotate it: the response that
    /// carried it may be lost. Never after a reauthentication: the new privileges belong to the token whose holder has proved their
    /// identity.
    /// </summary>
    public bool IsReissueDue(in SessionCredential credential, DateTimeOffset now) =>
        credential is { RotationKind: RotationKind.Rotation, Salt: not null, ConfirmedAt: null, RotatedAt: { } rotatedAt }
        && now > rotatedAt + (credential.DeliveredAt is null ? ReissueDelay : options.RotateAfter ?? TimeSpan.MaxValue / 2);

    /// <summary>The current token is given once more: whether it reaches the browser is open again.</summary>
    public static SessionCredential Reissue(in SessionCredential credential) => credential with { DeliveredAt = null };

    /// <summary>
    /// A proof counts for the current token as it is. The previous one keeps what it had, and is not given the current one, as after a
    /// reauthentication.
    /// </summary>
    public static SessionCredential RecordProof(Session session) =>
        session.Credential with
        {
            RotationKind = RotationKind.Reauthentication,
            PreviousPrivileges = session.Credential.PreviousPrivileges ?? GetPrivileges(session),
        };

    /// <summary>The session as the previous token sees it after a reauthentication: with what it allowed before.</summary>
    public static Session WithPreviousPrivileges(Session session) =>
        session.Credential.PreviousPrivileges is not { } privileges
            ? session
            : session with
            {
                AuthenticatedAt = privileges.AuthenticatedAt,
                AuthenticationMethod = privileges.AuthenticationMethod,
                EndsAt = privileges.EndsAt,
                ExpiresAt = session.ExpiresAt < privileges.EndsAt ? session.ExpiresAt : privileges.EndsAt,
            };

    private static SessionPrivileges GetPrivileges(Session session) =>
        new()
        {
            AuthenticatedAt = session.AuthenticatedAt,
            AuthenticationMethod = session.AuthenticationMethod,
            EndsAt = session.EndsAt,
        };

    private TokenStanding EvaluatePrevious(in SessionCredential credential, DateTimeOffset now) =>
        credential.ConfirmedAt is not { } replacedAt || now <= replacedAt + options.RotationGrace + ClockTolerance.Evaluation
            ? TokenStanding.Previous
        : now < replacedAt + Window ? TokenStanding.Late
        : TokenStanding.Copied;

    private bool IsCopied(in SessionCredential credential, int generation, DateTimeOffset now) =>
        now - Window >= credential.PreviousConfirmedAt
        || IsOutlived(credential.OlderAnchor, generation, now)
        || IsOutlived(credential.YoungerAnchor, generation, now);

    private bool IsOutlived(RotationAnchor? anchor, int generation, DateTimeOffset now) =>
        anchor is { } known && generation <= known.Generation && now - Window >= known.At;

    /// <summary>
    /// A rotation forgets when the token before the previous one was replaced. That instant is kept, up to which generation it holds for,
    /// if without it there were none for longer than a window: else rotations on demand every few minutes would keep an old copy "late" for
    /// ever.
    /// </summary>
    private (RotationAnchor? Older, RotationAnchor? Younger) GetAnchors(in SessionCredential credential)
    {
        if (
            credential.PreviousConfirmedAt is not { } replacedAt
            || credential.ConfirmedAt - credential.YoungerAnchor?.At <= Window - ClockTolerance.Evaluation
        )
        {
            return (credential.OlderAnchor, credential.YoungerAnchor);
        }

        return (credential.YoungerAnchor, new RotationAnchor { Generation = credential.Generation - 2, At = replacedAt });
    }
}
