namespace Sessions.Tests.Domain;

/// <summary>What somebody makes who knows an id, which is public, and no secret.</summary>
internal static class ForgedToken
{
    public static SessionToken Create(SessionId id) =>
        SessionToken.TryParse($"{id}{SessionToken.Create(null).Reveal()[SessionId.Length..]}", out var token)
            ? token
            : throw new InvalidOperationException("An id and a secret are a token.");
}
