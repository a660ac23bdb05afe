namespace Sessions.Tests.BrowserModel;

/// <summary>What holds in every run.</summary>
internal enum ModelProperty
{
    /// <summary>(a) An honest owner alone is never called a copy.</summary>
    NoCopyOfOwner,

    /// <summary>
    /// (a) A request that is not late is let in while its session lives; a session ends by an act of its user, by expiry or by a rollback.
    /// </summary>
    OwnerStaysIn,

    /// <summary>(a) A cookie is not replaced or taken back while its session lives, except by an act of its user.</summary>
    CookieStays,

    /// <summary>(a) A value that a verb said was stored is there.</summary>
    ValuesStay,

    /// <summary>(b) When the new token is confirmed, whoever was not given it is refused after the grace.</summary>
    CopyIsRefused,

    /// <summary>(b) A session of which two different tokens are shown ends within two windows.</summary>
    CopyEndsSession,

    /// <summary>(b) A session of which a copy was detected is over at once, and that is told once.</summary>
    CopyEndsAtOnce,

    /// <summary>(b) The owner's next sign-in ends the session at once, whatever token it shows.</summary>
    SignInEndsSession,

    /// <summary>(c) A session that was revoked is never let in again.</summary>
    RevokedStaysOut,

    /// <summary>(c) A token that was issued before the user proved who they are does not get what the proof gave.</summary>
    ProofStaysWithNewToken,

    /// <summary>The server answers every request, and with no error of its own.</summary>
    ServerAnswers,
}

/// <summary>A property that did not hold, and what happened.</summary>
internal sealed record ModelViolation(ModelProperty Property, string Message)
{
    public override string ToString() => $"{Property}: {Message}";
}
