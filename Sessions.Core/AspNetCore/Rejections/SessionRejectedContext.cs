using Microsoft.AspNetCore.Http;
using Sessions.AspNetCore;

namespace Sessions;

/// <summary>A request that is refused, for <see cref="SessionHttpOptions.OnRejected"/>.</summary>
public sealed class SessionRejectedContext
{
    private readonly NamedSessionServices _services;

    internal SessionRejectedContext(HttpContext context, NamedSessionServices services, SessionRejection rejection)
    {
        (HttpContext, _services, Rejection) = (context, services, rejection);
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The name of the sessions; empty for the default.</summary>
    public string Name => _services.Name;

    /// <summary>
    /// Why. Tell clients no more of it than the default answer does: the difference between unknown and wrong helps an attacker who
    /// guesses.
    /// </summary>
    public SessionRejection Rejection { get; }

    /// <summary>401, 403 for a foreign origin, 503 when the store cannot be reached.</summary>
    public int StatusCode => SessionRejectionResponse.GetStatusCode(Rejection);

    /// <summary>Answers as if there were no handler.</summary>
    public ValueTask RespondAsync() => SessionRejectionResponse.WriteDefaultAsync(HttpContext, _services, Rejection);
}
