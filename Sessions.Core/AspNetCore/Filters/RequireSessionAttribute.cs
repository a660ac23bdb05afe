namespace Sessions.AspNetCore;

/// <summary>A session is required: without one, the request is refused before anything of it is bound. Add it once for each name.</summary>
/// <param name="name">The name of the sessions; null for the default.</param>
public sealed class RequireSessionAttribute(string? name = null) : SessionFilterAttribute(name, required: true);
