namespace Sessions.Tests.Testing.SqlStore;

/// <summary>What an author of a SQL store may get wrong, as a change in its source.</summary>
/// <param name="Name">What is wrong, in a few words.</param>
/// <param name="Text">What stands in the source, once.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Test">The test of the suites that finds it.</param>
/// <param name="Message">What the message of the failure holds: the cause.</param>
internal sealed record SqlStoreFault(string Name, string Text, string Replacement, string Test, string Message)
{
    /// <summary>A second change that belongs to the first.</summary>
    public (string Text, string Replacement)? Also { get; init; }

    /// <summary>Whether it shows in the race suite only.</summary>
    public bool IsRace { get; init; }

    public override string ToString() => Name;
}
