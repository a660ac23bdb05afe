namespace Sessions.AspNetCore;

/// <content>What the request shows.</content>
internal sealed partial class SessionUpFeature
{
    private bool _hasOtherText;

    /// <summary>What the request showed, or was given since. Of several tokens the one that counts.</summary>
    public SessionToken Token { get; private set; }

    /// <summary>The tokens in further cookies of our name that the request showed and has not ended since.</summary>
    public SessionToken[] OtherTokens { get; private set; } = [];

    public CredentialSource Source { get; private set; }

    /// <summary>
    /// Which cookies that an earlier configuration has left a sign-in takes back. A cookie of our name that holds no token is
    /// another application's: then none, since no header can say which one is meant.
    /// </summary>
    /// <param name="areOurs">
    /// Whether all tokens that the request showed are known here. Otherwise another application on the host may have issued one, under a
    /// path of its own.
    /// </param>
    public CookieVariants GetLeftCookies(bool areOurs) =>
        Source != CredentialSource.Cookie || _hasOtherText ? CookieVariants.None
        : areOurs ? CookieVariants.Paths
        : CookieVariants.Domains;

    /// <summary>Whether a cookie of our name holds no token: it may be a damaged one, and its session may live.</summary>
    public bool HasOtherText => _hasOtherText;

    /// <summary>Reads the tokens that the request shows.</summary>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection ReadTokens()
    {
        if (Result is not null && Source == CredentialSource.Ticket)
        {
            // The session came with the ticket of cookie authentication; the request has no token of ours.
            return SessionRejection.None;
        }

        var rejection = Services.ReadTokens(HttpContext.Request, out var shown, out var source);
        (Token, OtherTokens, Source, _hasOtherText) = (shown.First, shown.Others ?? [], source, shown.HasOtherText);
        return rejection;
    }

    /// <summary>Of the tokens that the request showed, this one counts.</summary>
    public void SelectToken(SessionToken token)
    {
        if (token != Token)
        {
            (Token, OtherTokens) = (token, [Token, .. OtherTokens.Where(other => other != token)]);
        }
    }
}
