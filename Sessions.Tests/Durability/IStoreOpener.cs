using Sessions.Stores;

namespace Sessions.Tests.Durability;

/// <summary>How a process that will be killed, and the test that kills it, open the same store.</summary>
public interface IStoreOpener
{
    ISessionStore Open(string connection);
}
