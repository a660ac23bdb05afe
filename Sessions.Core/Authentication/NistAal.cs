namespace Sessions;

/// <summary>Authentication assurance levels of NIST SP 800-63B-4, section 2, with what they say of session timeouts.</summary>
public enum NistAal
{
    /// <summary>An overall timeout SHALL be set and SHOULD be at most 30 days.</summary>
    Aal1 = 1,

    /// <summary>An overall timeout SHALL be set and SHOULD be at most 24 hours; inactivity SHOULD be at most 1 hour.</summary>
    Aal2 = 2,

    /// <summary>An overall timeout SHALL be set, at most 12 hours; inactivity SHOULD be at most 15 minutes.</summary>
    Aal3 = 3,
}
