namespace Sessions;

/// <summary>A session is required: without one, the request is refused before anything of it is bound. Add it once for each name.</summary>
/// <param name="name">The name of the sessions; empty for the default.</param>
public sealed class RequireSessionAttribute(string name = "") : SessionPolicyAttribute(name, isRequired: true)
{
    /// <summary>
    /// How many seconds ago the user may have proved who he is; the answer is 401 with the reason <c>reauthenticate</c> when it is longer. Default: 0, any time.
    /// </summary>
    public int MaxAgeSeconds { get; set; }

    private protected override TimeSpan? MaxAge => MaxAgeSeconds > 0 ? TimeSpan.FromSeconds(MaxAgeSeconds) : null;
}
