using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>A browser of the model: its cookies, and what it was last given.</summary>
internal sealed class ModelBrowser
{
    public BrowserCookieJar Jar { get; set; } = new();

    public int Crashes { get; set; }

    /// <summary>How long after its next cookie it is killed; null: it is not.</summary>
    public TimeSpan? CrashesAfterCookie { get; set; }

    /// <summary>The session that it was last given; null after a sign-out.</summary>
    public string? ExpectedSession { get; set; }

    public string? Token => Jar.Find(ModelExchange.CookieName);

    public string? HeldSession => Token is { Length: >= SessionId.Length } token ? token[..SessionId.Length] : null;
}
