using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>A request that is refused, for <see cref="SessionHttpOptions.OnRejected"/>.</summary>
public sealed class SessionRejectedContext
{
    private readonly SessionHttp _http;

    internal SessionRejectedContext(HttpContext context, SessionHttp http, SessionRejection rejection)
    {
        (HttpContext, _http, Rejection) = (context, http, rejection);
    }

    /// <summary>The request.</summary>
    public HttpContext HttpContext { get; }

    /// <summary>The name of the sessions; empty for the default.</summary>
    public string Name => _http.Name;

    /// <summary>Why. Tell clients no more of it than the default answer does: the difference between unknown and wrong is worth something to whoever guesses.</summary>
    public SessionRejection Rejection { get; }

    /// <summary>401, 403 for a foreign origin, 503 when the store cannot be reached.</summary>
    public int StatusCode => SessionRejectionResponse.StatusCodeOf(Rejection);

    /// <summary>Answers as if there were no handler.</summary>
    public Task RespondAsync() => SessionRejectionResponse.WriteDefaultAsync(HttpContext, _http, Rejection);
}
