namespace Sessions.Testing;

/// <summary>A request as Chromium sends it: its address, what caused it, and the headers that follow from that.</summary>
public sealed record BrowserRequest
{
    /// <summary>The absolute address.</summary>
    public required Uri Url { get; init; }

    /// <summary>The method, in upper case. Default: <c>GET</c>.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>What causes the request. Default: a navigation.</summary>
    public BrowserRequestKind Kind { get; init; }

    /// <summary>Where it comes from. Default: a page of the same origin.</summary>
    public BrowserRequestSite Site { get; init; }

    /// <summary>The origin of the page that sends it; null: the origin of <see cref="Url"/>.</summary>
    public string? Initiator { get; init; }

    /// <summary>Whether the method changes nothing (RFC 9110 section 9.2.1).</summary>
    internal bool IsSafe => Method is "GET" or "HEAD" or "OPTIONS" or "TRACE";

    /// <summary>Whether the address bar shows <see cref="Url"/> because of this request.</summary>
    internal bool IsTopLevelNavigation =>
        Kind is BrowserRequestKind.Navigation or BrowserRequestKind.NavigationPreload or BrowserRequestKind.Prerender;

    /// <summary>The headers, without cookies.</summary>
    public IReadOnlyList<(string Name, string Value)> GetHeaders()
    {
        var headers = new List<(string, string)>(8);
        if (!IsSafe || Kind is BrowserRequestKind.WebSocket)
        {
            headers.Add(("Origin", Initiator ?? Url.GetLeftPart(UriPartial.Authority)));
        }

        if (Kind is BrowserRequestKind.Program)
        {
            headers.Add(("Accept", "*/*"));
            return headers;
        }

        if (Kind is BrowserRequestKind.WebSocket)
        {
            headers.AddRange([
                ("Connection", "Upgrade"),
                ("Upgrade", "websocket"),
                ("Sec-WebSocket-Version", "13"),
                ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ]);
            return headers;
        }

        var (mode, destination) = Kind switch
        {
            BrowserRequestKind.Frame => ("navigate", "iframe"),
            BrowserRequestKind.Fetch => ("cors", "empty"),
            BrowserRequestKind.Resource => ("no-cors", "image"),
            BrowserRequestKind.ServiceWorkerScript => ("same-origin", "serviceworker"),
            _ => ("navigate", "document"),
        };
        headers.Add(("Sec-Fetch-Site", SiteText));
        headers.Add(("Sec-Fetch-Mode", mode));
        headers.Add(("Sec-Fetch-Dest", destination));
        headers.Add(("Accept", mode is "navigate" ? "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" : "*/*"));
        AddPurpose(headers);
        return headers;
    }

    private string SiteText =>
        Site switch
        {
            BrowserRequestSite.None => "none",
            BrowserRequestSite.SameSite => "same-site",
            BrowserRequestSite.CrossSite => "cross-site",
            _ => "same-origin",
        };

    private void AddPurpose(List<(string, string)> headers)
    {
        switch (Kind)
        {
            case BrowserRequestKind.Navigation:
                headers.Add(("Sec-Fetch-User", "?1"));
                headers.Add(("Upgrade-Insecure-Requests", "1"));
                break;
            case BrowserRequestKind.NavigationPreload:
                headers.Add(("Service-Worker-Navigation-Preload", "true"));
                break;
            case BrowserRequestKind.ServiceWorkerScript:
                headers.Add(("Service-Worker", "script"));
                break;
            case BrowserRequestKind.Prerender:
                headers.Add(("Sec-Purpose", "prefetch;prerender"));
                headers.Add(("Purpose", "prefetch"));
                break;
            case BrowserRequestKind.Prefetch:
                headers.Add(("Sec-Purpose", "prefetch"));
                headers.Add(("Purpose", "prefetch"));
                break;
        }
    }
}
