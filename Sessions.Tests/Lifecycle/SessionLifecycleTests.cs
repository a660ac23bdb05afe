using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <summary>The life of a session as the manager leads it, the same on every store: derived once for each backend.</summary>
internal abstract partial class SessionLifecycleTests<TBackend> : SessionStoreTestBase<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    private readonly List<object> _events = [];

    private readonly List<SessionManager> _managers = [];

    /// <summary>What is remembered in process. Default: nothing.</summary>
    protected virtual SessionCacheOptions? Cache => null;

    /// <summary>The manager under test, with the usual options.</summary>
    private SessionManager Manager => _managers[0];

    private SessionAdministration Administration => new(Manager);

    [SetUp]
    public void SetUpManager()
    {
        _events.Clear();
        NewManager();
    }

    [TearDown]
    public async Task TearDownManagersAsync()
    {
        foreach (var manager in _managers)
        {
            await manager.DisposeAsync();
        }

        _managers.Clear();
    }

    /// <summary>Another manager over the same store, whose events are recorded too.</summary>
    private SessionManager NewManager(Action<SessionUpOptions>? configure = null, ISessionStore? store = null, TimeProvider? time = null)
    {
        var options = new SessionUpOptions { Events = CreateRecordingEvents(), Cache = Cache };
        configure?.Invoke(options);
        var manager = new SessionManager(store ?? Store, options, time ?? Clock);
        _managers.Add(manager);
        return manager;
    }

    private SessionEvents CreateRecordingEvents() =>
        new()
        {
            OnCreated = Record,
            OnTokenRejected = Record,
            OnEnded = Record,
            OnRotated = Record,
            OnCopyDetected = Record,
            OnClientChanged = Record,
        };

    private ValueTask Record(object e)
    {
        lock (_events)
        {
            _events.Add(e);
        }

        return ValueTask.CompletedTask;
    }

    private List<T> Events<T>()
    {
        lock (_events)
        {
            return [.. _events.OfType<T>()];
        }
    }

    /// <summary>
    /// One request as the HTTP layer makes it: check, follow up, rotate before the response. Returns what the client holds afterwards.
    /// </summary>
    private static async Task<(SessionAuthResult Verdict, SessionToken Token)> RequestAsync(
        SessionManager manager,
        SessionToken token,
        ClientInfo? client = null,
        bool slide = true,
        bool responseLost = false
    )
    {
        var verdict = await manager.AuthAsync(token, client, Token);
        verdict = await manager.Authenticator.RecordUseAsync(verdict, client, slide, Token);
        SessionToken? next = manager.Authenticator.IsCookieDue(verdict)
            ? await manager.Authenticator.RenewTokenAsync(verdict, token, Token)
            : null;
        return (verdict, responseLost ? token : next ?? token);
    }

    private Task<(SessionAuthResult Verdict, SessionToken Token)> RequestAsync(SessionToken token) => RequestAsync(Manager, token);
}
