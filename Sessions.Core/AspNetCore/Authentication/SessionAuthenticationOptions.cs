using Microsoft.AspNetCore.Authentication;

namespace Sessions;

/// <summary>Which sessions a scheme authenticates by; everything else is in <see cref="SessionHttpOptions"/>.</summary>
public sealed class SessionAuthenticationOptions : AuthenticationSchemeOptions
{
    /// <summary>The scheme of the default sessions: <c>SessionUp</c>; of others: <c>SessionUp-NAME</c>.</summary>
    public const string DefaultScheme = "SessionUp";

    /// <summary>The name of the sessions; empty for the default.</summary>
    public string SessionName { get; set; } = string.Empty;

    internal static string GetScheme(string name) => name.Length == 0 ? DefaultScheme : $"{DefaultScheme}-{name}";
}
