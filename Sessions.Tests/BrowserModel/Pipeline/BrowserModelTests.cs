using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>The real pipeline keeps every property that the specification of rotation keeps, over each store.</summary>
/// <typeparam name="TBackend">How the store is made.</typeparam>
[CancelAfterEffort(300_000)]
internal abstract class BrowserModelTests<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    private ModelNodes _nodes = null!;
    private int _runs;

    [SetUp]
    public void SetUpNodes() => (_nodes, _runs) = (new(new TBackend()), 0);

    [TearDown]
    public async Task TearDownNodesAsync() => await _nodes.DisposeAsync();

    private protected ModelViolation? Take(ModelRun run, Action<string>? log = null)
    {
        // What goes on, goes on at once: nothing is posted to the context of the test. No timer of an earlier run is left, and no request.
        SynchronizationContext.SetSynchronizationContext(null);
        var settings = run.Settings;
        var queue = new EventQueue(_nodes.Clock);
        var ledger = new ModelLedger(queue, settings, log);
        using var server = new PipelineServer(queue, settings, ledger, _nodes, ++_runs);
        return new ModelWorld(settings, queue, ledger, server).Run(run.Steps);
    }
}
