using System.Collections.Immutable;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>A request on its way through the world, and what becomes of it.</summary>
internal sealed class ModelExchange(EventQueue queue, ModelStep.Send step, ModelDelays delays, BrowserRequest http, string? cookie)
{
    /// <summary>The cookie that carries the token.</summary>
    public const string CookieName = "__Host-sid";

    public ModelStep.Send Step => step;

    public ModelAct Act => step.Act;

    public int Node => step.Node;

    public ModelDelays Delays => delays;

    public BrowserRequest Http => http;

    /// <summary>The <c>Cookie</c> header.</summary>
    public string? Cookie => cookie;

    /// <summary>The token that the request shows.</summary>
    public string? Token { get; } = cookie is { Length: > 0 } ? cookie[(cookie.IndexOf('=') + 1)..] : null;

    /// <summary>Whether no browser sent it: nothing is expected of it.</summary>
    public bool IsForged { get; init; }

    /// <summary>How often the browser had crashed when it was sent.</summary>
    public int Crashes { get; init; }

    public string? ShownSession => Token is { Length: >= SessionId.Length } ? Token[..SessionId.Length] : null;

    /// <summary>The order of what happens at the server: when the request arrived, and when it was done.</summary>
    public long ArrivedTick { get; set; }

    public long DoneTick { get; set; }

    public DateTimeOffset ArrivedAt { get; set; }

    public int Status { get; private set; }

    public IReadOnlyList<string> SetCookies { get; private set; } = [];

    public long StartedTick { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>What the request writes.</summary>
    public ValueWrite? Write { get; set; }

    public ModelFacts Facts { get; set; } = ModelFacts.None;

    /// <summary>The new token of the answer; empty where the cookie is taken back; null where it has none.</summary>
    public string? NewToken { get; private set; }

    public bool IsStarted => Status != 0;

    /// <summary>Whether the request was let in with the session that it shows.</summary>
    public bool IsAccepted => Facts.Session is not null && Facts.Session == ShownSession;

    /// <summary>Whether the answer is that there is no session.</summary>
    public bool IsRefused => Status == 401 || (Act == ModelAct.Page && Status == 200 && Facts.Session is null);

    /// <summary>Told when the answer begins.</summary>
    public Action<ModelExchange>? OnStarted { get; init; }

    public Task HandleAsync() => queue.DelayAsync(delays.Handler);

    public Task WriteAsync() => queue.DelayAsync(delays.Write);

    /// <summary>The answer begins: status and headers are on their way.</summary>
    public void Start(int status, IReadOnlyList<string> setCookies)
    {
        (Status, SetCookies) = (status, setCookies);
        NewToken = setCookies
            .Where(static header => header.StartsWith(CookieName + "=", StringComparison.Ordinal))
            .Select(static header => header[(CookieName.Length + 1)..header.IndexOf(';', StringComparison.Ordinal)])
            .LastOrDefault();
        OnStarted?.Invoke(this);
    }
}

/// <summary>What the application says of a request in the body of its answer.</summary>
/// <param name="Session">The session of the request after what it did; null: none.</param>
/// <param name="AuthenticatedAt">When its user last proved who they are, in milliseconds since 1970; 0: never.</param>
/// <param name="IsStored">Whether a value was stored.</param>
/// <param name="Values">The values of the session.</param>
internal sealed record ModelFacts(string? Session, long AuthenticatedAt, bool IsStored, ImmutableDictionary<string, string> Values)
{
    public static ModelFacts None { get; } = new(null, 0, false, ImmutableDictionary<string, string>.Empty);
}
