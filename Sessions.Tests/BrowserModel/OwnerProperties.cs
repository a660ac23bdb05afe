namespace Sessions.Tests.BrowserModel;

/// <summary>What an honest owner can rely on.</summary>
internal static class OwnerProperties
{
    /// <summary>A token that is almost at its session's end may be refused by a clock that runs ahead.</summary>
    private static readonly TimeSpan s_nearEnd = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan s_marker = TimeSpan.FromMinutes(2);

    /// <summary>The session with which the request has to be let in; null: nothing is expected of it.</summary>
    public static KnownSession? Expect(ModelLedger ledger, ModelExchange exchange) =>
        !ledger.Settings.HasThief
        && !exchange.IsForged
        && exchange.Act is not (ModelAct.SignIn or ModelAct.SignOut or ModelAct.Visitor)
        && exchange.Delays.Request <= ledger.Settings.PromptRequest
        && ledger.FindShown(exchange) is { IsLiving: true, IsTainted: false } session
        && IsYoung(ledger, session)
            ? session
            : null;

    public static bool IsYoung(ModelLedger ledger, KnownSession session) =>
        ledger.Now < session.CreatedAt + ledger.Settings.Lifetime - s_nearEnd;

    public static void CheckAccepted(ModelLedger ledger, ModelExchange exchange, KnownSession session)
    {
        if (exchange.IsRefused && !session.IsTainted && !ledger.FailedDuring(exchange))
        {
            var token = session.Find(exchange.Token)!;
            ledger.Report(
                ModelProperty.OwnerStaysIn,
                $"{exchange.Step} was refused ({exchange.Status}) with token {token.Number} of {session.Tokens.Count}"
            );
        }
    }

    /// <summary>A sign-in that fails costs the user nothing: it has not ended the session that it showed.</summary>
    public static void CheckFailedSignIn(ModelLedger ledger, ModelExchange exchange)
    {
        if (
            exchange is { Act: ModelAct.SignIn, Status: 503 }
            && ledger.FindShown(exchange) is { EndReason: ModelEnd.SignIn } session
            && session.EndedTick > exchange.ArrivedTick
            && !ledger.HasSuccessor(session, exchange.ArrivedTick)
        )
        {
            ledger.Report(ModelProperty.OwnerStaysIn, $"{exchange.Step} failed, and ended the session that it showed");
        }
    }

    /// <summary>An answer arrives at a browser, with a cookie or the taking back of one.</summary>
    public static void CheckCookie(ModelLedger ledger, ModelExchange exchange, string? held)
    {
        if (
            ledger.Settings.HasThief
            || exchange.NewToken is not { } token
            || exchange.Act is ModelAct.SignIn or ModelAct.SignOut or ModelAct.RevokeAll
            || ledger.Find(held) is not { IsLiving: true, IsTainted: false } session
            || !IsYoung(ledger, session)
            || (token.Length > 0 && token.StartsWith(session.Id, StringComparison.Ordinal))
        )
        {
            return;
        }

        // The server can know of the session if the request shows it; or if it shows what the request showed that began the session, and
        // that had ended when this answer began, not longer ago than the marker lasts.
        var couldKnow =
            exchange.ShownSession == session.Id
            || (
                exchange.StartedTick > session.MarkedTick
                && exchange.StartedAt < session.CreatedAt + s_marker - ledger.Settings.Skew
                && exchange.ShownSession is { } shown
                && shown == session.Predecessor
                && (session.ReplacesLiving || ledger.Settings.MarksDeadTokens)
                && !(ledger.Find(shown) is { } before && IsYoung(ledger, before) && !(before.EndedTick < exchange.StartedTick))
            );
        if (couldKnow || token.Length == 0)
        {
            ledger.Report(
                ModelProperty.CookieStays,
                $"the answer to {exchange.Step} {(token.Length == 0 ? "took back" : "replaced")} the cookie of a living session"
            );
        }
    }

    /// <summary>Whether the browser still has what its last act gave it.</summary>
    public static void CheckHeld(ModelLedger ledger, int browser, string? expected, string? held)
    {
        if (
            !ledger.Settings.HasThief
            && expected != held
            && ledger.Find(expected) is { IsLiving: true, IsTainted: false } session
            && IsYoung(ledger, session)
        )
        {
            ledger.Report(ModelProperty.CookieStays, $"browser {browser} has lost the cookie of a living session");
        }
    }
}
