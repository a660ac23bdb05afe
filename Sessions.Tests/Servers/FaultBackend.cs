using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Servers;

/// <summary>A server of a test's own, so that it can be broken, with a proxy before it, so that connections can.</summary>
internal abstract class FaultBackend : IAsyncDisposable
{
    /// <summary>The name that the demo has for the store.</summary>
    public abstract string DemoName { get; }

    /// <summary>
    /// Whether the driver makes a connection for the call that needs one. Otherwise it keeps one, waits until that one is whole again, and
    /// makes another in its own time.
    /// </summary>
    public abstract bool ConnectsOnDemand { get; }

    /// <summary>What the driver throws.</summary>
    public abstract Type DriverException { get; }

    /// <param name="isDurable">Whether what the server acknowledges survives that it is killed.</param>
    public abstract Task StartAsync(bool isDurable = false);

    public abstract ISessionStore CreateStore(bool throughProxy = false);

    /// <summary>Registers the store of an application.</summary>
    public abstract void Use(SessionUpBuilder builder);

    /// <summary>For one of several nodes, which gives up on a call after two seconds. The second goes through the proxy.</summary>
    public abstract string GetConnectionString(int node);

    /// <summary>Ends the connections on which a store or node listens that goes through the proxy.</summary>
    public abstract Task CloseListenersAsync();

    /// <summary>
    /// From here on nothing that the server says arrives on the connections that go through the proxy, and there is no error either.
    /// </summary>
    public abstract Task DropResponsesAsync();

    /// <summary>Makes the connections whole again, or closes them, so that the driver makes others.</summary>
    public abstract void RestoreResponses();

    public abstract Task KillAsync();

    public abstract Task RestartAsync();

    public abstract Task<PausedProcesses> PauseAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>Calls until an answer comes. Each failure is the one kind of exception, and a failure is never "not found".</summary>
    /// <returns>How many calls failed. Pooled connections from before an outage each fail once.</returns>
    public async Task<int> RecoverAsync(ISessionStore store, SessionId id, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await store.FetchSessionAsync(id, cancellationToken);
                return failures;
            }
            catch (SessionStoreException) when (!ConnectsOnDemand || failures < 100)
            {
                // Where there is one connection, each call waits for it within the driver.
                await Task.Yield();
            }
        }
    }
}
