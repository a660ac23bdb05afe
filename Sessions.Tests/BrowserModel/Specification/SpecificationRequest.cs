using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>What a request of the specification showed, what was found, and what its answer will say.</summary>
internal sealed class SpecificationRequest(ModelExchange exchange)
{
    public ModelExchange Exchange => exchange;

    public bool IsPrefetch { get; } = exchange.Http.Kind is BrowserRequestKind.Prerender or BrowserRequestKind.Prefetch;

    public SpecificationToken? Token { get; set; }

    /// <summary>The session of the token's id, accepted or not.</summary>
    public SpecificationSession? Shown { get; set; }

    public TokenStanding Standing { get; set; } = TokenStanding.Wrong;

    /// <summary>The session of the request; null: none.</summary>
    public SpecificationSession? Session { get; set; }

    /// <summary>Whether the client had shown the current token before.</summary>
    public bool WasDelivered { get; set; }

    public DateTimeOffset? Privileges { get; set; }

    public SpecificationToken? NewToken { get; set; }

    public bool DeletesCookie { get; set; }

    public bool TakesCookieBack { get; set; }

    public bool IsStored { get; set; }
}
