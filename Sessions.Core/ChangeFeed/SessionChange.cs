namespace Sessions.Stores;

/// <summary>What a store publishes of a session.</summary>
public readonly record struct SessionChange
{
    /// <summary>Which session.</summary>
    public required SessionId Id { get; init; }

    /// <summary>What happened to it.</summary>
    public required SessionChangeKind Kind { get; init; }
}

/// <summary>What happened to a session.</summary>
public enum SessionChangeKind
{
    /// <summary>Its secret, its values or its end changed. A touch is no change.</summary>
    Changed = 0,

    /// <summary>It was ended before its time.</summary>
    Ended = 1,
}

/// <summary>Changes as a text, see <see cref="ChangeFeedBroker.PublishMessage"/>.</summary>
internal static class SessionChangeMessage
{
    public static IEnumerable<SessionChange> Parse(string? message)
    {
        SessionChangeKind? kind =
            message is null or "" ? null
            : message[0] == 'C' ? SessionChangeKind.Changed
            : message[0] == 'E' ? SessionChangeKind.Ended
            : null;
        for (var at = 1; kind is not null && at + SessionId.Length <= message!.Length; at += SessionId.Length)
        {
            if (SessionId.TryParse(message.AsSpan(at, SessionId.Length), null, out var id))
            {
                yield return new() { Id = id, Kind = kind.Value };
            }
        }
    }
}
