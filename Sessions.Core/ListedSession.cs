using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>A session as its user sees it in a list: no credential, and only those values that the application names.</summary>
public sealed record ListedSession
{
    /// <summary>The public handle, to revoke it by.</summary>
    public required SessionId Id { get; init; }

    /// <summary>Whether it is the session of the request.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it will no longer exist.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The address of the client, as text.</summary>
    public string? IPAddress { get; init; }

    /// <summary>The operating system of the client.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>The browser or app.</summary>
    public string? Browser { get; init; }

    /// <summary>The kind of device.</summary>
    public DeviceKind Device { get; init; }

    /// <summary>The values whose keys are in <see cref="SessionUpOptions.ListedValues"/>; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SessionValues? Values { get; init; }

    internal static ListedSession Create(Session session, SessionId currentId, ISet<string> keys)
    {
        var values = keys.Count == 0 ? SessionValues.Empty : SessionValues.From(session.Values.Where(pair => keys.Contains(pair.Key)));
        return new()
        {
            Id = session.Id,
            IsCurrent = session.Id == currentId,
            CreatedAt = session.CreatedAt,
            LastSeenAt = session.LastSeenAt,
            ExpiresAt = session.ExpiresAt,
            IPAddress = session.LastClient.IPAddress?.ToString(),
            OperatingSystem = session.LastClient.OperatingSystem,
            Browser = session.LastClient.Browser,
            Device = session.LastClient.Device,
            Values = values.Count == 0 ? null : values,
        };
    }
}
