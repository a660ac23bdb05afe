namespace Sessions;

/// <summary>The limits of an assurance level: what breaks a SHALL is a failure, what breaks a SHOULD a warning.</summary>
internal sealed record AssuranceProfile(NistAal Level, TimeSpan Overall, bool IsOverallRequired, TimeSpan? Inactivity)
{
    public static AssuranceProfile Create(NistAal level) =>
        level switch
        {
            NistAal.Aal1 => new(level, TimeSpan.FromDays(30), false, null),
            NistAal.Aal2 => new(level, TimeSpan.FromHours(24), false, TimeSpan.FromHours(1)),
            NistAal.Aal3 => new(level, TimeSpan.FromHours(12), true, TimeSpan.FromMinutes(15)),
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, "There is no such assurance level."),
        };

    /// <summary>The end that a caller wants, or the last one that a SHALL allows.</summary>
    public DateTimeOffset CapEnd(DateTimeOffset endsAt, DateTimeOffset authenticatedAt) =>
        IsOverallRequired && endsAt - authenticatedAt > Overall ? authenticatedAt + Overall : endsAt;

    /// <summary>What breaks a SHALL of SP 800-63B-4, in sentences.</summary>
    public IEnumerable<string> GetFailures(SessionUpOptions options)
    {
        if (options.Lifetime is null)
        {
            yield return $"{Level} asks for an overall timeout (NIST SP 800-63B-4 section 2); set Lifetime to {Overall} or less.";
        }
        else if (IsOverallRequired && options.Lifetime > Overall)
        {
            yield return $"Lifetime is {options.Lifetime}; at {Level} it shall be at most {Overall} (NIST SP 800-63B-4 section 2).";
        }
    }

    /// <summary>What breaks a SHOULD of SP 800-63B-4, in sentences.</summary>
    public IEnumerable<string> GetWarnings(SessionUpOptions options)
    {
        if (!IsOverallRequired && options.Lifetime > Overall)
        {
            yield return $"Lifetime is {options.Lifetime}; at {Level} it should be at most {Overall} (NIST SP 800-63B-4 section 2).";
        }

        if (Inactivity is { } inactivity && (options.IdleTimeout is null || options.IdleTimeout > inactivity))
        {
            var set = options.IdleTimeout?.ToString() ?? "not set";
            yield return $"IdleTimeout is {set}; at {Level} it should be at most {inactivity} (NIST SP 800-63B-4 section 2).";
        }
    }
}

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
