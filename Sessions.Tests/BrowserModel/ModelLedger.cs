using System.Globalization;

namespace Sessions.Tests.BrowserModel;

/// <summary>
/// Everything that the world saw of sessions: what left the server, what its events told, what acts were answered. Properties are judged by
/// it.
/// </summary>
internal sealed class ModelLedger(EventQueue queue, ModelSettings settings, Action<string>? log = null) : IModelObserver
{
    private readonly Dictionary<string, KnownSession> _sessions = [];
    private readonly HashSet<string> _rolledBack = [];
    private readonly Dictionary<ModelExchange, KnownSession> _expected = [];
    private readonly DateTimeOffset _start = queue.Now;
    private long _failedTick = -1;
    private bool _hasFailed;

    public ModelSettings Settings => settings;

    public DateTimeOffset Now => queue.Now;

    /// <summary>The first property that did not hold.</summary>
    public ModelViolation? Violation { get; private set; }

    public long Tick { get; private set; }

    /// <summary>Whether the store failed at any time: what rests on every write is not expected then.</summary>
    public bool HasFailed => _hasFailed;

    public void Report(ModelProperty property, string message)
    {
        if (settings.Only is { } only && only != property)
        {
            return;
        }

        Violation ??= new(property, $"{message} (after {Now - _start:g})");
        Log($"VIOLATION of {property}");
    }

    /// <summary>Tells what happens, where the run is to be read by people.</summary>
    public void Log(string happening) => log?.Invoke($"{Now - _start:g} {happening}");

    public KnownSession? Find(string? id) => id is null ? null : _sessions.GetValueOrDefault(id);

    /// <summary>The session that the request's token really is of.</summary>
    public KnownSession? FindShown(ModelExchange exchange) =>
        Find(exchange.ShownSession) is { } session && session.Find(exchange.Token) is not null ? session : null;

    /// <summary>Whether a session was begun in the place of this one since.</summary>
    public bool HasSuccessor(KnownSession session, long since) =>
        _sessions.Values.Any(other => other.Predecessor == session.Id && other.CreatedTick > since);

    public void OnStoreFailed() => (_failedTick, _hasFailed) = (++Tick, true);

    /// <summary>Whether the store failed while the request was at the server, or does now.</summary>
    public bool FailedDuring(ModelExchange exchange) => _failedTick >= exchange.ArrivedTick;

    public void OnArrived(ModelExchange exchange, bool isStoreFailing)
    {
        exchange.ArrivedTick = ++Tick;
        exchange.ArrivedAt = Now;
        if (isStoreFailing)
        {
            OnStoreFailed();
        }

        if (log is not null)
        {
            Log($"{exchange.Act} of browser {exchange.Step.Browser} arrives with {Describe(exchange.Token)}");
        }

        ValueProperties.OnArrived(this, exchange);
        if (OwnerProperties.Expect(this, exchange) is { } session)
        {
            _expected[exchange] = session;
        }
    }

    public void OnStarted(ModelExchange exchange)
    {
        exchange.StartedTick = ++Tick;
        exchange.StartedAt = Now;
        if (exchange.NewToken is { Length: >= SessionId.Length } token && Find(token[..SessionId.Length]) is { } session)
        {
            session.Issue(token, exchange.Step.Browser, Now, Tick);
        }

        if (log is not null)
        {
            var cookie = exchange.NewToken switch
            {
                null => "",
                "" => ", takes the cookie back",
                var given => $", gives {Describe(given)}",
            };
            Log($"{exchange.Act} of browser {exchange.Step.Browser} is answered {exchange.Status}{cookie}");
        }
    }

    public void OnDone(ModelExchange exchange, bool isStoreFailing)
    {
        if (isStoreFailing)
        {
            OnStoreFailed();
        }

        exchange.DoneTick = ++Tick;
        if (exchange.Status is 0 or >= 500 and not 503)
        {
            Report(ModelProperty.ServerAnswers, $"{exchange.Step} was answered {exchange.Status}");
        }

        if (_expected.Remove(exchange, out var expected))
        {
            OwnerProperties.CheckAccepted(this, exchange, expected);
        }

        OwnerProperties.CheckFailedSignIn(this, exchange);
        RevocationProperties.Check(this, exchange);
        CopyProperties.Check(this, exchange);
        ValueProperties.OnDone(this, exchange);
        RecordBeginning(exchange);
        RecordAct(exchange);
    }

    public void OnCreated(string session, string? userKey, string? shown) =>
        _sessions[session] = new(session, userKey, Now, ++Tick, shown) { IsTainted = _rolledBack.Contains(session) };

    public void OnEnded(string session, ModelEnd reason)
    {
        Tick++;
        Log($"a session ends ({reason})");
        if (Find(session) is { } known)
        {
            known.End(Tick, reason);
            if (!settings.HasThief && reason is (ModelEnd.Copy or ModelEnd.Other))
            {
                Report(
                    reason == ModelEnd.Copy ? ModelProperty.NoCopyOfOwner : ModelProperty.OwnerStaysIn,
                    $"a session of an honest owner was ended ({reason})"
                );
            }
        }
    }

    public void OnCopyDetected(string session)
    {
        Tick++;
        if (!settings.HasThief)
        {
            Report(ModelProperty.NoCopyOfOwner, "an honest owner was called a copy");
        }

        if (Find(session) is { } known)
        {
            if (known.CopyTick is not null)
            {
                Report(ModelProperty.CopyEndsAtOnce, "a copy was told twice");
            }

            known.CopyTick ??= Tick;
        }
    }

    /// <summary>The store lost its last seconds: of these sessions nothing is certain.</summary>
    public void OnRolledBack(IEnumerable<string> sessions)
    {
        foreach (var session in sessions)
        {
            // One that a sign-in has stored, and still ends others for, is created later as far as the application is told.
            _rolledBack.Add(session);
            if (Find(session) is { } known)
            {
                known.IsTainted = true;
            }
        }
    }

    private string Describe(string? token) =>
        token is null ? "no token"
        : Find(token.Length < SessionId.Length ? null : token[..SessionId.Length]) is not { } session ? "a foreign token"
        : $"token {session.Find(token)?.Number.ToString(CultureInfo.InvariantCulture) ?? "?"} of session {_sessions.Values.ToList().IndexOf(session)}";

    /// <summary>The request began a session: from here on the one that it showed has its marker.</summary>
    private void RecordBeginning(ModelExchange exchange)
    {
        if (Find(exchange.Facts.Session) is { } begun && begun.CreatedTick > exchange.ArrivedTick)
        {
            begun.MarkedTick = Tick;
            begun.ReplacesLiving =
                FindShown(exchange) is { Over: null } shown
                && !(shown.EndedTick < exchange.ArrivedTick)
                && OwnerProperties.IsYoung(this, shown);
        }
    }

    private void RecordAct(ModelExchange exchange)
    {
        if (exchange.Act is not (ModelAct.SignIn or ModelAct.SignOut or ModelAct.RevokeAll) || FindShown(exchange) is not { } shown)
        {
            return;
        }

        var affected =
            exchange.Act == ModelAct.RevokeAll && shown.UserKey is { } user
                ? _sessions.Values.Where(session => session.UserKey == user)
                : [shown];
        foreach (var session in affected)
        {
            if (FailedDuring(exchange))
            {
                // Ended or not: the store did not say.
                session.IsTainted |= exchange.Status != 401;
            }
            else if (exchange.Status == 200 && session.CreatedTick < exchange.ArrivedTick)
            {
                session.Over ??= (exchange.DoneTick, Now, exchange.Act);
            }
        }
    }
}
