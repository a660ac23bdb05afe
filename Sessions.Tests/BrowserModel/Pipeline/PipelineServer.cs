using System.Globalization;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>The application of the model on the real pipeline: hosts of ASP.NET Core over one store, each with a clock of its own.</summary>
internal sealed class PipelineServer : IModelServer, IDisposable
{
    private readonly AsyncLocal<ModelExchange?> _current = new();
    private readonly List<PipelineNode> _nodes = [];
    private readonly HashSet<SessionId> _expectedEnds = [];
    private readonly EventQueue _queue;
    private readonly IModelObserver _observer;
    private readonly ModelOutage _outage;
    private readonly ModelJournal? _journal;
    private readonly ISessionStore _store;

    /// <param name="queue">Simulated time.</param>
    /// <param name="settings">The world.</param>
    /// <param name="observer">Is told what the events tell.</param>
    /// <param name="nodes">The stores.</param>
    /// <param name="run">Which run over these stores it is; runs have users and tokens of their own.</param>
    public PipelineServer(EventQueue queue, ModelSettings settings, IModelObserver observer, ModelNodes nodes, int run)
    {
        (_queue, _observer, _outage) = (queue, observer, new ModelOutage(queue));
        _journal = settings.RollsBack ? new ModelJournal(queue) : null;
        var random = new SeededRandom((ulong)run);
        var application = new ModelApplication(string.Create(CultureInfo.InvariantCulture, $"-{run}"));
        for (var at = 0; at < settings.Nodes.Count; at++)
        {
            var (store, clock) = nodes.Get(at, settings.Nodes[at]);
            var way = new ModelStore(store, _outage, _journal, GetCurrent, ExpectEnd);
            _nodes.Add(new(application, way, clock, options => Configure(options, settings, random)));
        }

        _store = nodes.Get(0, settings.Nodes[0]).Store;
    }

    public bool IsStoreFailing => _outage.IsNow;

    public void FailStore(ModelStep.FailStore failure) => _outage.Begin(failure);

    public IReadOnlyCollection<string> RollBack(TimeSpan time) => _journal!.RollBack(_store, time);

    public async Task HandleAsync(ModelExchange exchange)
    {
        _current.Value = exchange;
        await _nodes[exchange.Node % _nodes.Count].HandleAsync(exchange);
    }

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    // What a timer does goes on with the request that set it, which may be over.
    private ModelExchange? GetCurrent() => _queue.RunsTimers ? null : _current.Value;

    private void ExpectEnd(SessionId session)
    {
        _queue.Begin();
        _expectedEnds.Add(session);
    }

    private void Configure(SessionUpOptions options, ModelSettings settings, SeededRandom random)
    {
        options.Lifetime = settings.Lifetime;
        options.VisitorLifetime = settings.Lifetime;
        options.RotateAfter = settings.RotateAfter;
        options.RotationGrace = settings.Grace;
        options.ReuseWindow = settings.ReuseWindow;
        options.RandomFill = random.Fill;
        options.Cache = settings.HasCache ? new() : null;
        // Rarely: what has expired is refused all the same.
        options.SweepInterval = TimeSpan.FromDays(1);
        options.Events.OnCreated = created =>
        {
            _observer.OnCreated(created.Session.Id.ToString(), created.Session.UserKey, _current.Value?.ShownSession);
            return ValueTask.CompletedTask;
        };
        options.Events.OnEnded = ended =>
        {
            _observer.OnEnded(ended.Session.Id.ToString(), GetEnd(ended.Reason));
            if (_expectedEnds.Remove(ended.Session.Id))
            {
                _queue.End();
            }

            return ValueTask.CompletedTask;
        };
        options.Events.OnCopyDetected = async copied =>
        {
            _observer.OnCopyDetected(copied.Session.Id.ToString());
            // Others come meanwhile, and the session has ended for them.
            await _queue.DelayAsync(TimeSpan.FromSeconds(5));
        };
    }

    private static ModelEnd GetEnd(SessionEndReason reason) =>
        reason switch
        {
            SessionEndReason.SignedOut or SessionEndReason.OtherDevice => ModelEnd.Act,
            SessionEndReason.SignedIn or SessionEndReason.Replaced => ModelEnd.SignIn,
            SessionEndReason.Copied => ModelEnd.Copy,
            SessionEndReason.Expired => ModelEnd.Expiry,
            _ => ModelEnd.Other,
        };
}
