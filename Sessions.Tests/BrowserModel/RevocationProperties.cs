namespace Sessions.Tests.BrowserModel;

/// <summary>What a revocation and a proof of identity mean.</summary>
internal static class RevocationProperties
{
    public static void Check(ModelLedger ledger, ModelExchange exchange)
    {
        if (ledger.FindShown(exchange) is not { IsTainted: false } session)
        {
            return;
        }

        if (exchange is { Act: ModelAct.Reauthenticate, Status: 503 })
        {
            // Recorded or not: the store did not say.
            session.Find(exchange.Token)!.ProvenAt = long.MaxValue;
        }

        if (!exchange.IsAccepted)
        {
            return;
        }

        CheckRevoked(ledger, exchange, session);
        CheckProof(ledger, exchange, session);
    }

    private static void CheckRevoked(ModelLedger ledger, ModelExchange exchange, KnownSession session)
    {
        var staleness = ledger.Settings.HasCache ? TimeSpan.FromSeconds(30) : TimeSpan.Zero;
        if (session.Over is { } over && over.Tick < exchange.ArrivedTick && exchange.ArrivedAt >= over.At + staleness)
        {
            ledger.Report(
                over.Act == ModelAct.SignIn ? ModelProperty.SignInEndsSession : ModelProperty.RevokedStaysOut,
                $"{exchange.Step} was let in after {over.Act}"
            );
        }
        else if (session.EndedTick < exchange.ArrivedTick && !ledger.Settings.HasCache)
        {
            ledger.Report(ModelProperty.RevokedStaysOut, $"{exchange.Step} was let in after the end of its session was told");
        }
        else if (session.CopyTick < exchange.ArrivedTick)
        {
            ledger.Report(ModelProperty.CopyEndsAtOnce, $"{exchange.Step} was let in after a copy was told");
        }
    }

    private static void CheckProof(ModelLedger ledger, ModelExchange exchange, KnownSession session)
    {
        var token = session.Find(exchange.Token)!;
        var proven = exchange.Facts.AuthenticatedAt;
        if (exchange.Act == ModelAct.Reauthenticate)
        {
            // The answer says what the proof gave; whether the shown token has it from now on depends on whether there is another.
            if (
                exchange.Status == 200
                && (exchange.NewToken is null || exchange.NewToken == exchange.Token)
                && !ledger.Settings.ProofNeedsNewToken
            )
            {
                token.ProvenAt = Math.Max(token.ProvenAt, proven);
            }

            return;
        }

        var issued = (token.IssuedAt + ledger.Settings.Skew).ToUnixTimeMilliseconds();
        if (proven > Math.Max(issued, token.ProvenAt))
        {
            ledger.Report(
                ModelProperty.ProofStaysWithNewToken,
                $"{exchange.Step} shows token {token.Number}, which was issued {proven - token.IssuedAt.ToUnixTimeMilliseconds()} ms before the proof that it has"
            );
        }
    }
}
