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

/// <summary>For authors of stores: changes as a text, see <see cref="ChangeFeedBroker.PublishMessage"/>.</summary>
public static class SessionChangeMessage
{
    /// <summary>The first character of a message about changed sessions; their ids follow.</summary>
    public const string Changed = "C";

    /// <summary>The first character of a message about sessions that ended; their ids follow.</summary>
    public const string Ended = "E";

    internal static IEnumerable<SessionChange> Parse(string? message)
    {
        SessionChangeKind? kind =
            message is null ? null
            : message.StartsWith(Changed, StringComparison.Ordinal) ? SessionChangeKind.Changed
            : message.StartsWith(Ended, StringComparison.Ordinal) ? SessionChangeKind.Ended
            : null;
        for (var at = Ended.Length; kind is not null && at + SessionId.Length <= message!.Length; at += SessionId.Length)
        {
            if (SessionId.TryParse(message.AsSpan(at, SessionId.Length), null, out var id))
            {
                yield return new() { Id = id, Kind = kind.Value };
            }
        }
    }
}
