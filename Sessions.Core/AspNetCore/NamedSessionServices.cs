using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sessions.AspNetCore;

/// <summary>How the application finds the user of a session.</summary>
internal delegate ValueTask<object?> SessionUserLoader(Session session, IServiceProvider services, CancellationToken cancellationToken);

/// <summary>How a client showed, or would have shown, its token.</summary>
internal enum CredentialSource
{
    /// <summary>In our cookie, which we set and take back.</summary>
    Cookie,

    /// <summary>In the Authorization header.</summary>
    Bearer,

    /// <summary>In the cookie of ASP.NET Core's cookie authentication.</summary>
    Ticket,
}

/// <summary>Everything that the sessions of one name need in order to travel over HTTP.</summary>
internal sealed class NamedSessionServices(
    string name,
    SessionManager manager,
    SessionHttpOptions options,
    ClientInfoReader client,
    SessionUserLoader? loadUser,
    TimeProvider time,
    ILogger<NamedSessionServices> log
)
{
    public string Name { get; } = name;

    public SessionManager Manager { get; } = manager;

    public SessionAuthenticator Authenticator { get; } = manager.Authenticator;

    public RevocationWatcher RevocationWatcher { get; } = manager.Components.RevocationWatcher;

    public int MaxValuesBytes { get; } = manager.Components.Options.MaxValuesBytes;

    public SessionHttpOptions Options { get; } = options;

    public SessionCookie Cookie { get; } = new(options.Cookie, time, log);

    public CrossOriginRule CrossOrigin { get; } = new(options.AllowedOrigins);

    public ClientInfoReader Client { get; } = client;

    public SessionUserLoader? LoadUser { get; } = loadUser;

    public ILogger Log { get; } = log;

    /// <exception cref="SessionConfigurationException">Nothing was added under that name.</exception>
    public static NamedSessionServices Resolve(IServiceProvider services, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return services.GetKeyedService<NamedSessionServices>(name)
            ?? throw new SessionConfigurationException(
                name.Length == 0
                    ? "There are no default sessions. Call AddSessionUp() on the services, or say which name is meant."
                    : $"There are no sessions named \"{name}\". Call AddSessionUp(\"{name}\") on the services, or correct the name."
            );
    }

    /// <summary>
    /// Text to tokens, out of what a request shows by itself. A ticket's is in the cookie of cookie authentication, which hands it to
    /// <see cref="SessionTicketStore"/>.
    /// </summary>
    /// <returns>None, or why there is no token.</returns>
    public SessionRejection ReadTokens(HttpRequest request, out ShownTokens shown, out CredentialSource source)
    {
        if (Options.AllowBearerTokens && BearerHeader.TryGet(request.Headers.Authorization, out var text))
        {
            source = CredentialSource.Bearer;
            var isToken = SessionToken.TryParse(text, out var token);
            shown = new() { First = token, HasOtherText = !isToken };
            return isToken ? SessionRejection.None : SessionRejection.MalformedToken;
        }

        source = CredentialSource.Cookie;
        return Cookie.Read(request.Headers.Cookie, out shown);
    }
}
