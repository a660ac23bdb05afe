using Sessions.AspNetCore;

namespace Sessions;

/// <summary>
/// What the endpoint does about sessions. Beats what <c>RequireSession()</c> or <c>PublicSession()</c> say of the group or route, and the
/// nearer beats the farther: method, class, base class. On controllers, Razor Page models and hubs, or on the handler of a route; a route
/// or hub needs one of those calls too, or the host does not start.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public abstract class SessionPolicyAttribute : Attribute, ISessionMetadata
{
    private readonly bool _isRequired;

    private protected SessionPolicyAttribute(string name, bool isRequired)
    {
        (Name, _isRequired) = (name, isRequired);
    }

    /// <summary>The name of the sessions; empty for the default.</summary>
    public string Name { get; }

    /// <summary>Whether a request keeps the session alive. Default: true; false for endpoints that a page polls by itself.</summary>
    public bool Slide { get; set; } = true;

    /// <summary>Whether the session is read from the store, whatever the cache holds. Default: false.</summary>
    public bool BypassCache { get; set; }

    bool ISessionMetadata.IsRequired => _isRequired;

    TimeSpan? ISessionMetadata.MaxAge => MaxAge;

    private protected virtual TimeSpan? MaxAge => null;
}

/// <summary>A session is required: without one, the request is refused before anything of it is bound. Add it once for each name.</summary>
/// <param name="name">The name of the sessions; empty for the default.</param>
public sealed class RequireSessionAttribute(string name = "") : SessionPolicyAttribute(name, isRequired: true)
{
    /// <summary>
    /// How many seconds ago the user may have authenticated; the answer is 401 with the reason <c>reauthenticate</c> when it is longer.
    /// Default: 0, any time.
    /// </summary>
    public int MaxAgeSeconds { get; set; }

    private protected override TimeSpan? MaxAge => MaxAgeSeconds > 0 ? TimeSpan.FromSeconds(MaxAgeSeconds) : null;
}

/// <summary>A session is welcome: <c>GetSession()</c> returns it, or null. Add it once for each name.</summary>
/// <param name="name">The name of the sessions; empty for the default.</param>
public sealed class PublicSessionAttribute(string name = "") : SessionPolicyAttribute(name, isRequired: false);
