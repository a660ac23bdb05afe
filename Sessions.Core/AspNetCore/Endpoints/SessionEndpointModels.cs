using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions.AspNetCore;

/// <summary>How long the session of the request has left, so that a page can warn before the end.</summary>
internal sealed record CurrentSession
{
    /// <summary>The session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>When it ends if it is not used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ends at the latest.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Whole seconds until <see cref="ExpiresAt"/>.</summary>
    public required long ExpiresInSeconds { get; init; }

    /// <summary>Whole seconds until <see cref="EndsAt"/>.</summary>
    public required long EndsInSeconds { get; init; }

    public static CurrentSession Create(Session session, DateTimeOffset now) =>
        new()
        {
            Id = session.Id,
            ExpiresAt = session.ExpiresAt,
            EndsAt = session.EndsAt,
            ExpiresInSeconds = (long)(session.ExpiresAt - now).TotalSeconds,
            EndsInSeconds = (long)(session.EndsAt - now).TotalSeconds,
        };
}

/// <summary>How many sessions were ended.</summary>
internal sealed record RevokedSessions
{
    public required int Revoked { get; init; }
}

/// <summary>The shape of the mapped endpoints' answers, fixed here, whatever the application does with its own JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ListedSession>))]
[JsonSerializable(typeof(CurrentSession))]
[JsonSerializable(typeof(RevokedSessions))]
internal sealed partial class SessionEndpointsJsonContext : JsonSerializerContext;
