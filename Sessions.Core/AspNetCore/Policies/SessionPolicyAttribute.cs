using Sessions.AspNetCore;

namespace Sessions;

/// <summary>
/// What the endpoint does about sessions. Beats what <c>RequireSession()</c> or <c>PublicSession()</c> say of the group or route, and the nearer beats the farther: method,
/// class, base class. On controllers, Razor Page models and hubs, or on the handler of a route; a route or hub needs one of those calls too, or the host does not start.
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

    /// <summary>Whether the store itself is asked, whatever a cache remembers. Default: false.</summary>
    public bool BypassCache { get; set; }

    bool ISessionMetadata.IsRequired => _isRequired;

    TimeSpan? ISessionMetadata.MaxAge => MaxAge;

    private protected virtual TimeSpan? MaxAge => null;
}
