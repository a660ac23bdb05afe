namespace Sessions;

/// <summary>What is known of the sessions of a request. Among <c>HttpContext.Features</c> once a filter or a verb has looked.</summary>
public interface ISessionUpFeature
{
    /// <summary>
    /// The session of a name, or why there is none; null: the session was not loaded, since the endpoint has no filter of that name.
    /// </summary>
    SessionAuthResult? GetAuthResult(string name = "");
}
