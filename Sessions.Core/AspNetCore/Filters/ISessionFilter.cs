namespace Sessions.AspNetCore;

/// <summary>What the metadata of an endpoint says of the sessions of one name.</summary>
internal interface ISessionFilter
{
    /// <summary>The name; empty for the default.</summary>
    string Name { get; }

    /// <summary>Whether requests without a session are refused.</summary>
    bool Required { get; }
}
