namespace Sessions.Tests.Life;

/// <summary>What the documentation promises of times and limits, close together so that few steps cross them.</summary>
internal sealed record SessionModelOptions
{
    public TimeSpan Lifetime { get; } = TimeSpan.FromMinutes(50);

    public TimeSpan VisitorLifetime { get; } = TimeSpan.FromMinutes(30);

    public TimeSpan Idle { get; } = TimeSpan.FromMinutes(20);

    public TimeSpan TouchInterval { get; } = TimeSpan.FromMinutes(1);

    public TimeSpan RotateAfter { get; } = TimeSpan.FromMinutes(4);

    public TimeSpan Grace { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How much kinder than the grace a verdict is, because clocks differ.</summary>
    public TimeSpan Tolerance { get; } = TimeSpan.FromSeconds(5);

    public int MaxSessions { get; } = 3;

    public void ApplyTo(SessionUpOptions options)
    {
        (options.Lifetime, options.VisitorLifetime, options.IdleTimeout) = (Lifetime, VisitorLifetime, Idle);
        (options.TouchInterval, options.RotateAfter, options.RotationGrace) = (TouchInterval, RotateAfter, Grace);
        options.MaxSessionsPerUser = MaxSessions;
    }
}
