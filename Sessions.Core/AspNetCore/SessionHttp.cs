using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sessions.AspNetCore;

/// <summary>Everything that the sessions of one name need in order to travel over HTTP.</summary>
internal sealed class SessionHttp(
    string name,
    SessionManager manager,
    SessionHttpOptions options,
    SessionClient client,
    TimeProvider time,
    ILogger<SessionHttp> log
)
{
    public string Name { get; } = name;

    public SessionManager Manager { get; } = manager;

    public SessionHttpOptions Options { get; } = options;

    public SessionCookie Cookie { get; } = new(options.Cookie, time);

    public CrossOriginRule CrossOrigin { get; } = new(options.AllowedOrigins);

    public SessionClient Client { get; } = client;

    public ILogger Log { get; } = log;

    /// <exception cref="SessionConfigurationException">Nothing was added under that name.</exception>
    public static SessionHttp Of(IServiceProvider services, string name) =>
        services.GetKeyedService<SessionHttp>(name)
        ?? throw new SessionConfigurationException(
            name.Length == 0
                ? "There are no default sessions. Call AddSessionUp() on the services, or say which name is meant."
                : $"There are no sessions named \"{name}\". Call AddSessionUp(\"{name}\") on the services, or correct the name."
        );

    /// <summary>Text to token: the only place where one is read.</summary>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection Read(HttpRequest request, out SessionToken token, out CredentialSource source)
    {
        if (Options.Bearer && BearerHeader.TryGet(request.Headers.Authorization, out var text))
        {
            source = CredentialSource.Bearer;
            return SessionToken.TryParse(text, out token) ? SessionRejection.None : SessionRejection.MalformedToken;
        }

        source = CredentialSource.Cookie;
        return Cookie.Read(request.Headers.Cookie, out token);
    }
}
