namespace Sessions.Tests.BrowserModel;

/// <summary>The application of the model over HTTP: its nodes and their store.</summary>
internal interface IModelServer
{
    /// <summary>Answers a request that has arrived. Waits only in simulated time.</summary>
    Task HandleAsync(ModelExchange exchange);

    /// <summary>Whether the store fails now.</summary>
    bool IsStoreFailing { get; }

    /// <summary>The store fails for a time: writes, and reads if told so; before or after it has written.</summary>
    void FailStore(ModelStep.FailStore failure);

    /// <summary>The store loses what was written in the last <paramref name="time"/>, as a failover does.</summary>
    /// <returns>The ids of the sessions that were changed.</returns>
    IReadOnlyCollection<string> RollBack(TimeSpan time);
}

/// <summary>What the application is told of its sessions by events.</summary>
internal interface IModelObserver
{
    /// <param name="session">The new session.</param>
    /// <param name="userKey">Its user; null: a visitor.</param>
    /// <param name="shown">The session of the token that the request showed; null: it showed none.</param>
    void OnCreated(string session, string? userKey, string? shown);

    void OnEnded(string session, ModelEnd reason);

    void OnCopyDetected(string session);
}

/// <summary>Why a session ended.</summary>
internal enum ModelEnd
{
    /// <summary>A sign-out or a revocation.</summary>
    Act,

    /// <summary>A sign-in with its token.</summary>
    SignIn,

    /// <summary>A copy of its token was shown.</summary>
    Copy,

    /// <summary>It expired.</summary>
    Expiry,

    /// <summary>Anything else.</summary>
    Other,
}
