namespace Sessions.Stores;

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
                yield return new(id, kind.Value);
            }
        }
    }
}
