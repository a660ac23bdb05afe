namespace Sessions.AspNetCore;

/// <summary>How the application finds the user of a session.</summary>
internal delegate ValueTask<object?> SessionUserLoader(Session session, IServiceProvider services, CancellationToken cancellationToken);
