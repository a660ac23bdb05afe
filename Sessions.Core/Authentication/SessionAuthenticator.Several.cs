namespace Sessions;

/// <content>Several tokens at once, from a browser that holds several cookies of one name.</content>
public sealed partial class SessionAuthenticator
{
    /// <summary>
    /// Evaluates several tokens and says which one counts: the one that opens a session; of several sessions of one user the newest; of a
    /// user's and a visitor's the user's; of different users none. The others change nothing.
    /// </summary>
    /// <returns>The result, and the token that it is for.</returns>
    internal async ValueTask<(SessionAuthResult Result, SessionToken Token)> AuthAnyAsync(
        IReadOnlyList<SessionToken> tokens,
        ClientInfo? client,
        bool bypassCache,
        CancellationToken cancellationToken
    )
    {
        var evaluated = new List<EvaluatedToken>(tokens.Count);

        // The newest token of a session first: what an earlier cookie has left beside it is no copy, however old it is.
        foreach (var token in tokens.OrderByDescending(static token => token.Generation))
        {
            if (!evaluated.Exists(other => other.Token.Id == token.Id && !other.MayHideAnOlder))
            {
                var (session, result) = await EvaluateAsync(token, client, bypassCache, cancellationToken).ConfigureAwait(false);
                evaluated.Add(new(token, session, result));
            }
        }

        var chosen = Choose(evaluated);
        return (await CompleteAuthAsync(chosen.Session, chosen.Result, chosen.Token.Id, client).ConfigureAwait(false), chosen.Token);
    }

    private static EvaluatedToken Choose(List<EvaluatedToken> evaluated)
    {
        var accepted = evaluated.Where(static token => token.Result.IsAccepted).OrderByDescending(static token => token.Session!.CreatedAt);
        var ofUsers = accepted.Where(static token => token.Session!.UserKey is not null).ToList();
        return ofUsers.DistinctBy(static token => token.Session!.UserKey).Count() > 1
                ? ofUsers[0] with
                {
                    Result = SessionAuthResult.Reject(SessionRejection.Ambiguous),
                }
            : ofUsers.Concat(accepted).FirstOrDefault() is { Session: not null } opens ? opens
            // The refusal that leaves most open: a session that this browser may still have.
            : evaluated.Find(static token => !token.Result.Rejection.ShowsNoSession())
                is { Result.Rejection: not SessionRejection.None } open
                ? open
            : evaluated[0];
    }

    /// <summary>A token of several, with what it opens.</summary>
    private readonly record struct EvaluatedToken(SessionToken Token, Session? Session, SessionAuthResult Result)
    {
        /// <summary>Whether an older token of the same session may be good although this one is not.</summary>
        public bool MayHideAnOlder => Result.Rejection is SessionRejection.WrongToken or SessionRejection.Ahead;
    }
}
