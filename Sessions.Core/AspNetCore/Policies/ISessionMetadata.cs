namespace Sessions.AspNetCore;

/// <summary>What the metadata of an endpoint says of the sessions of one name.</summary>
internal interface ISessionMetadata
{
    /// <summary>The name; empty for the default.</summary>
    string Name { get; }

    /// <summary>Whether requests without a session are refused.</summary>
    bool IsRequired { get; }

    /// <summary>Whether a request keeps the session alive.</summary>
    bool Slide { get; }

    /// <summary>Whether the store itself is asked, whatever a cache remembers.</summary>
    bool BypassCache { get; }

    /// <summary>How long ago the user may have proved who he is; null: any time.</summary>
    TimeSpan? MaxAge { get; }
}
