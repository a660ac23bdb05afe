namespace Sessions;

/// <summary>
/// Which new tokens were first shown to this node, in the last minutes. Between two instants of its own clock lies as much time as they say;
/// the clock of the node that wrote an instant may be minutes off.
/// </summary>
internal sealed class RecentDeliveries
{
    private readonly Lock _lock = new();
    private Dictionary<SessionId, DateTimeOffset> _younger = [];
    private Dictionary<SessionId, DateTimeOffset> _older = [];
    private DateTimeOffset _begunAt;

    /// <summary>A token was first shown to this node.</summary>
    public void Add(SessionId id, DateTimeOffset deliveredAt)
    {
        lock (_lock)
        {
            // What is older decides nothing: by then it no longer matters which node it was.
            if ((deliveredAt - _begunAt).Duration() > RotationRules.ForeignFlushTime)
            {
                (_older, _younger, _begunAt) = (_younger, [], deliveredAt);
            }

            _younger[id] = deliveredAt;
        }
    }

    /// <summary>Whether it was this node that wrote down the first showing.</summary>
    public bool Contains(SessionId id, DateTimeOffset deliveredAt)
    {
        lock (_lock)
        {
            return (_younger.TryGetValue(id, out var known) && known == deliveredAt)
                || (_older.TryGetValue(id, out known) && known == deliveredAt);
        }
    }
}
