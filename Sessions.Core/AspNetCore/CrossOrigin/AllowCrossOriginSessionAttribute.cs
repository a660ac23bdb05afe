namespace Sessions;

/// <summary>
/// Exempts an endpoint from the cross-origin rule: for the callback of an identity provider, say, which another site makes the browser
/// post. Such an endpoint must itself make sure that the user meant it, for instance by a state value.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AllowCrossOriginSessionAttribute : Attribute;
