using Sessions.Stores;

namespace Sessions.Tests.Durability;

/// <summary>A backend whose store a process that will be killed, and the test that kills it, can both open.</summary>
public interface IDurableBackend
{
    /// <summary>Where this test has its sessions.</summary>
    string Connection { get; }

    ISessionStore Open(string connection);
}
