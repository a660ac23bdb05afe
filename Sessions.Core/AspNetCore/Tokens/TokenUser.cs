namespace Sessions.AspNetCore;

/// <summary>What was found for the token of a request; the feature says that somebody has looked.</summary>
internal sealed record TokenUser<TUser>(TUser? User)
    where TUser : class;
