namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>Mistakes that can be made with rotation and its cookies, put back by hand to see that the model finds them.</summary>
[Flags]
internal enum RotationFaults
{
    None = 0,

    /// <summary>A new token counts as confirmed at its first showing.</summary>
    ConfirmsAtFirstShowing = 1 << 0,

    /// <summary>A new token counts as confirmed when it is shown 35 seconds after it was made.</summary>
    ConfirmsAfterIssue = 1 << 1,

    /// <summary>A token counts as replaced from when the next one was made.</summary>
    CountsFromRotation = 1 << 2,

    /// <summary>A token that is not confirmed is replaced.</summary>
    RotatesUnconfirmed = 1 << 3,

    /// <summary>A rotation is due by the time of the last one and not of its confirmation.</summary>
    IsDueByRotation = 1 << 4,

    /// <summary>Only the last rotation tells when a token was replaced.</summary>
    HasNoAnchors = 1 << 5,

    /// <summary>
    /// A reauthentication with the previous token is given the current one, which a rotation made, with the new privileges.
    /// </summary>
    RaisesUnshownToken = 1 << 6,

    /// <summary>A token that is given again still counts as delivered.</summary>
    StaysDelivered = 1 << 7,

    /// <summary>A previous token after its grace is a copy.</summary>
    LateIsCopied = 1 << 8,

    /// <summary>A token of a later generation is a copy.</summary>
    AheadIsCopied = 1 << 9,

    /// <summary>A reauthentication leaves the previous token no grace.</summary>
    ReauthenticationHasNoGrace = 1 << 10,

    /// <summary>A rotation rests on what was read at the beginning of the request.</summary>
    RotatesOnOldEvidence = 1 << 11,

    /// <summary>The current token is given again by what was read at the beginning of the request.</summary>
    ReissuesOnOldEvidence = 1 << 12,

    /// <summary>A copy ends its session only after the handlers of the event.</summary>
    EndsAfterHandlers = 1 << 13,

    /// <summary>A sign-in with an old token leaves its session.</summary>
    SignInLeavesOldTokens = 1 << 14,

    /// <summary>A token with one other character is a copy.</summary>
    WrongIsCopied = 1 << 15,

    /// <summary>An answer to a request without a session takes the cookie back.</summary>
    TakesCookieBack = 1 << 16,

    /// <summary>A visitor's session begins where the token is late.</summary>
    StartsVisitorOverLateToken = 1 << 17,

    /// <summary>A sign-out with a late token ends nothing.</summary>
    SignOutLeavesLateTokens = 1 << 18,

    /// <summary>Values are written as they were read at the beginning of the request, with the change.</summary>
    OverwritesValues = 1 << 19,

    /// <summary>A sign-in ends the old session before it begins the new one.</summary>
    DestroysBeforeCreate = 1 << 20,

    /// <summary>A visitor's values come along as they were at the beginning of the sign-in.</summary>
    CopiesOldValues = 1 << 21,

    /// <summary>After a reauthentication the previous token has the new privileges.</summary>
    RaisesPreviousToken = 1 << 22,

    /// <summary>Each time that the current token is given again it is another one.</summary>
    ReissuesAnother = 1 << 23,

    /// <summary>A request that began with a visitor's session begins another after the sign-in has ended it.</summary>
    HasNoMarkers = 1 << 24,

    /// <summary>A refused token whose session is gone is told as a copy again.</summary>
    TellsEveryCopy = 1 << 25,

    /// <summary>
    /// A proof that is recorded on the current token as it is leaves the previous one a rotation's: with the same privileges, and given the
    /// current one.
    /// </summary>
    RecordsProofAsRotation = 1 << 26,

    /// <summary>Only the end of a living session leaves a marker: of two requests with one dead token, both begin a session.</summary>
    MarksLivingOnly = 1 << 27,

    /// <summary>What is kept of when tokens were replaced is written at a confirmation, and not of the last one before a gap.</summary>
    AnchorsAtConfirmation = 1 << 28,

    /// <summary>A confirmation does not ask whether the token was given again meanwhile.</summary>
    ConfirmsOnOldEvidence = 1 << 29,
}
