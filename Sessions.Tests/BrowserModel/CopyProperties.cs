using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>What becomes of a session of which a thief has a copy.</summary>
internal static class CopyProperties
{
    public static void Check(ModelLedger ledger, ModelExchange exchange)
    {
        if (
            !ledger.Settings.HasThief
            || exchange.IsForged
            || ledger.HasFailed
            || ledger.FindShown(exchange) is not { IsTainted: false } session
        )
        {
            return;
        }

        var token = session.Find(exchange.Token)!;
        CheckCopy(ledger, exchange, session, token);
        if (exchange.IsAccepted && exchange.Http.Kind is not (BrowserRequestKind.Prerender or BrowserRequestKind.Prefetch))
        {
            RecordShowing(ledger, exchange, session, token);
        }
    }

    private static void RecordShowing(ModelLedger ledger, ModelExchange exchange, KnownSession session, IssuedToken token)
    {
        var browser = exchange.Step.Browser;
        if (token.Number != session.Tokens.Count - 1 || token.GivenTick > exchange.ArrivedTick)
        {
            return;
        }

        if (token.FirstShowing is not { } first)
        {
            token.FirstShowing = (browser, ledger.Now);
        }
        else if (first.Browser == browser && exchange.ArrivedAt >= first.At + ledger.Settings.CertainFlush + ledger.Settings.Skew)
        {
            token.Confirmation ??= (browser, ledger.Now);
        }
    }

    private static void CheckCopy(ModelLedger ledger, ModelExchange exchange, KnownSession session, IssuedToken token)
    {
        var settings = ledger.Settings;
        var browser = exchange.Step.Browser;
        var newer = session.Tokens.FirstOrDefault(other =>
            other.Number > token.Number
            && other.Confirmation is { } confirmation
            && confirmation.Browser != browser
            && !session.WasGiven(browser, other.Number)
        );
        if (newer?.Confirmation is not { } confirmed)
        {
            return;
        }

        var slack = settings.Tolerance + settings.Skew;
        if (exchange.IsAccepted && exchange.ArrivedAt > confirmed.At + settings.Grace + slack)
        {
            ledger.Report(
                ModelProperty.CopyIsRefused,
                $"{exchange.Step} was let in with token {token.Number} after browser {confirmed.Browser} had confirmed token {newer.Number}"
            );
        }

        if (
            exchange.ArrivedAt > confirmed.At + (settings.DetectionWindows * settings.Window) + slack
            && session is { EndedTick: null, CopyTick: null }
        )
        {
            ledger.Report(
                ModelProperty.CopyEndsSession,
                $"{exchange.Step} shows token {token.Number} {exchange.ArrivedAt - confirmed.At:g} after browser {confirmed.Browser} had confirmed token {newer.Number}, and the session lives"
            );
        }
    }

    /// <summary>
    /// Owner and thief have gone on for long enough: the session has ended, or they hold the same token and cannot be told apart.
    /// </summary>
    public static void CheckPursuit(ModelLedger ledger, string? owner, string? thief)
    {
        if (
            !ledger.HasFailed
            && owner is { Length: >= SessionId.Length }
            && thief is { Length: >= SessionId.Length }
            && owner != thief
            && owner[..SessionId.Length] == thief[..SessionId.Length]
            && ledger.Find(owner[..SessionId.Length]) is { IsLiving: true, IsTainted: false } session
            && OwnerProperties.IsYoung(ledger, session)
        )
        {
            ledger.Report(ModelProperty.CopyEndsSession, "owner and thief both go on with different tokens of one session");
        }
    }
}
