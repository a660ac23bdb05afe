using System.Globalization;

namespace Sessions.Tests.BrowserModel;

/// <summary>
/// What is stored is there. Writes and reads take a while, so a read may see any of the writes beside it, and none that another has surely
/// followed.
/// </summary>
internal static class ValueProperties
{
    public static void OnArrived(ModelLedger ledger, ModelExchange exchange)
    {
        if (exchange.Act != ModelAct.SetValue || ledger.FindShown(exchange) is not { } session)
        {
            return;
        }

        var argument = exchange.Step.Argument;
        exchange.Write = new($"k{argument % 3}", argument.ToString(CultureInfo.InvariantCulture), exchange.ArrivedTick);
        for (var holder = session; holder is not null; holder = holder.Successor)
        {
            holder.Writes.Add((exchange.Write, true));
        }
    }

    public static void OnDone(ModelLedger ledger, ModelExchange exchange)
    {
        if (ledger.Settings.HasThief || ledger.FindShown(exchange) is not { } session)
        {
            return;
        }

        switch (exchange.Act)
        {
            case ModelAct.SetValue:
                exchange.Write!.End = exchange.DoneTick;
                exchange.Write.IsStored = exchange.Status == 200 && exchange.Facts.IsStored;
                break;
            case ModelAct.SignIn when exchange.Status == 200 && ledger.Find(exchange.Facts.Session) is { } next:
                Inherit(ledger, exchange, session, next);
                break;
            case ModelAct.Page or ModelAct.Poll when exchange.IsAccepted && !session.IsTainted && !ledger.Settings.HasCache:
                Check(ledger, exchange, session);
                break;
        }
    }

    private static void Inherit(ModelLedger ledger, ModelExchange exchange, KnownSession session, KnownSession next)
    {
        if (session.UserKey is not null && (session.UserKey != next.UserKey || !ledger.Settings.KeepsOwnValues))
        {
            return;
        }

        // A token that is late when the sign-in is done takes nothing along; a request that is not late, by what is expected of it, does; unless another act has
        // ended the session while the sign-in was at the server.
        var isSure =
            exchange.Delays.Request + exchange.Delays.Handler <= ledger.Settings.PromptRequest
            && !session.IsTainted
            && !ledger.FailedDuring(exchange)
            && !(session.EndedTick < exchange.ArrivedTick)
            && session.EndReason is null or ModelEnd.SignIn
            && session.Over is null
            && session.Successor is null
            && OwnerProperties.IsYoung(ledger, session);
        var keepsLate = ledger.Settings.KeepsLateSaves;
        next.IsTainted |= session.IsTainted;
        next.Writes.AddRange(
            session.Writes.Select(held => (held.Write, held.IsSure && isSure && (keepsLate || held.Write.End < exchange.ArrivedTick)))
        );
        session.Successor = isSure && keepsLate ? next : session.Successor;
    }

    private static void Check(ModelLedger ledger, ModelExchange exchange, KnownSession session)
    {
        foreach (var writes in session.Writes.GroupBy(static held => held.Write.Key))
        {
            var read = exchange.Facts.Values.GetValueOrDefault(writes.Key);
            bool IsFollowed(long end) =>
                writes.Any(held => held.IsSure && held.Write.IsStored && held.Write.Begin > end && held.Write.End < exchange.ArrivedTick);
            if (read is null ? IsFollowed(-1) : !writes.Any(held => held.Write.Value == read && !IsFollowed(held.Write.End)))
            {
                ledger.Report(
                    ModelProperty.ValuesStay,
                    $"{exchange.Step} has {writes.Key}={read ?? "nothing"}, which a stored value had followed"
                );
            }
        }
    }
}
