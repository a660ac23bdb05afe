namespace Sessions.Tokens;

/// <summary>What was found for the token of a request; that there is a feature says that the token was read.</summary>
internal sealed record TokenUserFeature<TUser>(TUser? User)
    where TUser : class;
