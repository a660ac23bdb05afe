using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>The records that all nodes of a <see cref="ReferenceStore"/> share, and their lock.</summary>
internal sealed class ReferenceTable
{
    public Lock Lock { get; } = new();

    public Dictionary<SessionId, Session> Records { get; } = [];

    public Dictionary<SessionId, (SessionMarker Marker, DateTimeOffset EndedAt)> Markers { get; } = [];

    /// <summary>Whose record cannot be read.</summary>
    public HashSet<SessionId> Damaged { get; } = [];

    public CorruptRecordReporter? Reporter { get; set; }

    /// <summary>How many calls there were.</summary>
    public int Calls { get; set; }

    /// <summary>What each call fails with; null: none fails.</summary>
    public Exception? Failure { get; set; }
}
