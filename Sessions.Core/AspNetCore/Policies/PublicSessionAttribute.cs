namespace Sessions;

/// <summary>A session is welcome: <c>GetSession()</c> tells who is there, and strangers may come in. Add it once for each name.</summary>
/// <param name="name">The name of the sessions; empty for the default.</param>
public sealed class PublicSessionAttribute(string name = "") : SessionPolicyAttribute(name, isRequired: false);
