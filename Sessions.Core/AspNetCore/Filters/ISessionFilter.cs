namespace Sessions.AspNetCore;

/// <summary>What the metadata of an endpoint says of the sessions of one name.</summary>
internal interface ISessionFilter
{
    /// <summary>The name; empty for the default.</summary>
    string Name { get; }

    /// <summary>Whether requests without a session are refused.</summary>
    bool Required { get; }

    /// <summary>Whether a request keeps the session alive.</summary>
    bool Slide { get; }

    /// <summary>Whether the store itself is asked, whatever a cache remembers.</summary>
    bool Authoritative { get; }

    /// <summary>How long ago the user may have proved who he is; null: any time.</summary>
    TimeSpan? MaxAge { get; }
}
