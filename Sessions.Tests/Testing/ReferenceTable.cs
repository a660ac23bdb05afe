namespace Sessions.Tests.Testing;

/// <summary>The records that all nodes of a <see cref="ReferenceStore"/> share, and their lock.</summary>
internal sealed class ReferenceTable
{
    public Lock Lock { get; } = new();

    public Dictionary<SessionId, Session> Records { get; } = [];
}
