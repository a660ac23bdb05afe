namespace Sessions.Stores;

/// <summary>What a store finds under an id: a live session, or what one left that has ended. The default: neither.</summary>
public readonly record struct SessionLookup
{
    /// <summary>The live session; null: there is none.</summary>
    public Session? Session { get; init; }

    /// <summary>What the session of this id left when it ended. Always none beside a live session.</summary>
    public SessionMarker Marker { get; init; }

    /// <summary>A lookup that found a session, or nothing at all.</summary>
    public static implicit operator SessionLookup(Session? session) => new() { Session = session };

    /// <summary>A lookup that found a session, or nothing at all.</summary>
    public static SessionLookup FromSession(Session? session) => session;
}
