namespace Sessions.Testing;

/// <summary>What makes a browser send a request; it decides the headers that go with it.</summary>
public enum BrowserRequestKind
{
    /// <summary>The user opens a page: typed address, link or form.</summary>
    Navigation = 0,

    /// <summary>A page loads a frame.</summary>
    Frame = 1,

    /// <summary>A script calls <c>fetch</c> or <c>XMLHttpRequest</c>, in a page or in a worker.</summary>
    Fetch = 2,

    /// <summary>A page loads an image or a script.</summary>
    Resource = 3,

    /// <summary>The browser loads the script of a service worker, or checks it for a new version.</summary>
    ServiceWorkerScript = 4,

    /// <summary>A navigation that a service worker sends ahead while it starts ("navigation preload").</summary>
    NavigationPreload = 5,

    /// <summary>The browser renders a page before the user opens it.</summary>
    Prerender = 6,

    /// <summary>The browser fetches a page before the user opens it.</summary>
    Prefetch = 7,

    /// <summary>The handshake of a WebSocket. Chromium sends no fetch metadata with it.</summary>
    WebSocket = 8,

    /// <summary>A program or an old browser: no fetch metadata.</summary>
    Program = 9,
}

/// <summary>Where a request comes from, as <c>Sec-Fetch-Site</c> has it.</summary>
public enum BrowserRequestSite
{
    /// <summary>From a page of the same origin.</summary>
    SameOrigin = 0,

    /// <summary>From no page: the user typed the address or opened a bookmark.</summary>
    None = 1,

    /// <summary>From another host of the same site.</summary>
    SameSite = 2,

    /// <summary>From another site.</summary>
    CrossSite = 3,
}
