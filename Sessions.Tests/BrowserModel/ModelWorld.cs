using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>Browsers, a network and a server in simulated time: takes steps, and judges by the properties what comes of them.</summary>
internal sealed partial class ModelWorld(ModelSettings settings, EventQueue queue, ModelLedger ledger, IModelServer server)
{
    /// <summary>The first two browsers are the owner's, the third is the thief's.</summary>
    public const int Thief = 2;

    private static readonly Uri s_origin = new("https://app.example/");

    private readonly ModelBrowser[] _browsers = [new(), new(), new()];
    private int _atServer;
    private bool _isCopied;

    /// <returns>The first property that did not hold; null: all did.</returns>
    public ModelViolation? Run(IEnumerable<ModelStep> steps)
    {
        foreach (var step in steps)
        {
            Take(step);
            queue.RunFor(TimeSpan.Zero);
            if (ledger.Violation is { } violation)
            {
                return violation;
            }
        }

        Finish();
        return ledger.Violation;
    }

    private void Take(ModelStep step)
    {
        switch (step)
        {
            case ModelStep.Send send when send.Browser != Thief || _isCopied:
                Send(send);
                break;
            case ModelStep.Wait wait:
                queue.RunFor(wait.Time);
                break;
            case ModelStep.Crash crash when settings.Crashes:
                Crash(_browsers[crash.Browser], crash.Age);
                break;
            case ModelStep.CrashAfterCookie crash when settings.Crashes:
                _browsers[crash.Browser].CrashesAfterCookie = crash.Delay;
                break;
            case ModelStep.CopyJar when settings.HasThief:
                CopyJar();
                break;
            case ModelStep.Damage damage:
                ShowDamaged(damage);
                break;
            case ModelStep.FailStore failure when settings.StoreFails:
                ledger.OnStoreFailed();
                server.FailStore(failure);
                queue.Schedule(failure.Time, ledger.OnStoreFailed);
                break;
            case ModelStep.RollBack rollBack when settings.RollsBack:
                ledger.OnRolledBack(server.RollBack(rollBack.Time));
                break;
        }
    }

    private void Send(ModelStep.Send step)
    {
        var browser = _browsers[step.Browser];
        var http = CreateRequest(step);
        var exchange = new ModelExchange(queue, step, settings.Cut(step.Delays), http, browser.Jar.GetCookieHeader(http, queue.Now))
        {
            Crashes = browser.Crashes,
            OnStarted = OnStarted,
        };
        if (step.Loss != ModelLoss.Request)
        {
            queue.Schedule(exchange.Delays.Request, () => _ = ServeAsync(exchange));
        }
    }

    private static BrowserRequest CreateRequest(ModelStep.Send step)
    {
        var isPost = step.Act is not (ModelAct.Page or ModelAct.Poll or ModelAct.Events or ModelAct.Socket);
        var kind =
            step.Act is ModelAct.Socket ? BrowserRequestKind.WebSocket
            : step.Kind is BrowserRequestKind.WebSocket ? BrowserRequestKind.Fetch
            : isPost && step.Kind is not (BrowserRequestKind.Navigation or BrowserRequestKind.Program) ? BrowserRequestKind.Fetch
            : step.Kind;
        return new()
        {
            Url = new(s_origin, $"{step.Act}/{step.Argument}"),
            Method = isPost ? "POST" : "GET",
            Kind = kind,
        };
    }

    private async Task ServeAsync(ModelExchange exchange)
    {
        queue.Begin();
        ledger.OnArrived(exchange, server.IsStoreFailing);
        _atServer++;
        try
        {
            await server.HandleAsync(exchange);
        }
#pragma warning disable CA1031 // Whatever the server throws is found, and shrunk.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ledger.Report(ModelProperty.ServerAnswers, $"{exchange.Step} threw {e}");
        }

        _atServer--;
        ledger.OnDone(exchange, server.IsStoreFailing);
        queue.End();
    }

    private void OnStarted(ModelExchange exchange)
    {
        ledger.OnStarted(exchange);
        if (exchange.Step.Loss != ModelLoss.Answer && !exchange.IsForged)
        {
            queue.Schedule(exchange.Delays.Answer, () => Arrive(exchange));
        }
    }

    private void Arrive(ModelExchange exchange)
    {
        var browser = _browsers[exchange.Step.Browser];
        if (exchange.Crashes != browser.Crashes)
        {
            return;
        }

        if (exchange.NewToken is not null)
        {
            ledger.Log($"the cookie of {exchange.Act} arrives at browser {exchange.Step.Browser}");
        }

        OwnerProperties.CheckCookie(ledger, exchange, browser.HeldSession);
        browser.Jar.Receive(exchange.Http.Url, exchange.SetCookies, queue.Now);
        switch (exchange.NewToken)
        {
            case { Length: > 0 }:
                browser.ExpectedSession = browser.HeldSession;
                CrashAfterCookie(browser);
                break;
            case "" when exchange.Act is ModelAct.SignOut or ModelAct.RevokeAll:
                browser.ExpectedSession = null;
                break;
            case null when exchange.IsRefused && exchange.Step is { Browser: not Thief, Argument: var chance } && chance % 3 == 0:
                SignInAgain(exchange, browser);
                break;
        }
    }

    private void CrashAfterCookie(ModelBrowser browser)
    {
        if (browser.CrashesAfterCookie is { } delay)
        {
            var crashes = browser.Crashes;
            browser.CrashesAfterCookie = null;
            // The disk has what the jar had just before.
            queue.Schedule(
                delay,
                () =>
                {
                    if (browser.Crashes == crashes)
                    {
                        Crash(browser, delay + TimeSpan.FromMilliseconds(1));
                    }
                }
            );
        }
    }

    /// <summary>Some users who are refused sign in again.</summary>
    private void SignInAgain(ModelExchange exchange, ModelBrowser browser)
    {
        if (browser.Token == exchange.Token)
        {
            queue.Schedule(TimeSpan.FromSeconds(20), () => Send(new(exchange.Step.Browser, ModelAct.SignIn)));
        }
    }

    private void Crash(ModelBrowser browser, TimeSpan age)
    {
        ledger.Log($"a browser crashes, its jar is {age:g} old");
        browser.Crashes++;
        browser.Jar.RestoreFromDisk(queue.Now - age, queue.Now);
        browser.ExpectedSession = browser.HeldSession;
    }

    private void CopyJar()
    {
        _isCopied = true;
        _browsers[Thief].Jar = _browsers[0].Jar.Copy();
        if (_browsers[0].Token is { } token && ledger.Find(_browsers[0].HeldSession) is { } session)
        {
            session.Copy(token, Thief);
        }
    }

    private void ShowDamaged(ModelStep.Damage step)
    {
        if (_browsers[step.Browser].Token is not { Length: > SessionId.Length } token)
        {
            return;
        }

        // The id is public; what follows it is not.
        var at = SessionId.Length + (step.Position % (token.Length - SessionId.Length));
        var damaged = string.Concat(token.AsSpan(0, at), token[at] == 'A' ? "B" : "A", token.AsSpan(at + 1));
        var send = new ModelStep.Send(step.Browser, ModelAct.Page);
        var exchange = new ModelExchange(queue, send, default, CreateRequest(send), $"{ModelExchange.CookieName}={damaged}")
        {
            IsForged = true,
            OnStarted = OnStarted,
        };
        _ = ServeAsync(exchange);
    }
}
