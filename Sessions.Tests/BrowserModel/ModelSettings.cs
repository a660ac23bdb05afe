namespace Sessions.Tests.BrowserModel;

/// <summary>The options of the application and the world of a run.</summary>
internal sealed record ModelSettings
{
    public TimeSpan RotateAfter { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan ReuseWindow { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(14);

    /// <summary>How wrong the clock of each node is.</summary>
    public IReadOnlyList<TimeSpan> Nodes { get; init; } = [TimeSpan.Zero];

    /// <summary>The longest way to the server.</summary>
    public TimeSpan LongestRequest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest time from where a new token is made to its arrival.</summary>
    public TimeSpan LongestAnswer { get; init; } = TimeSpan.FromHours(1);

    public bool Crashes { get; init; }

    /// <summary>Whether there are rotations on demand and reauthentications.</summary>
    public bool RotatesOnDemand { get; init; }

    public bool StoreFails { get; init; }

    public bool RollsBack { get; init; }

    public bool HasThief { get; init; }

    /// <summary>Whether sessions are cached in process; only where the server has a cache.</summary>
    public bool HasCache { get; init; }

    /// <summary>How long after its first showing a token counts as written to disk.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The same where several nodes see the token, whose clocks differ; null: the same.</summary>
    public TimeSpan? ForeignFlush { get; init; }

    /// <summary>After what time a second showing certainly confirms a token.</summary>
    public TimeSpan CertainFlush => (Nodes.Count > 1 ? ForeignFlush : null) ?? Flush;

    /// <summary>How much kinder a verdict is than its limit, because clocks differ.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether a proof must never count for the token that was shown with it.</summary>
    public bool ProofNeedsNewToken { get; init; }

    /// <summary>Whether a user who signs in again keeps the values.</summary>
    public bool KeepsOwnValues { get; init; } = true;

    /// <summary>Whether a value that is stored beside a sign-in comes along.</summary>
    public bool KeepsLateSaves { get; init; } = true;

    /// <summary>
    /// Whether a sign-in with a token whose session is gone already marks it, so that a visitor's session is not begun beside it.
    /// </summary>
    public bool MarksDeadTokens { get; init; } = true;

    /// <summary>The one property that is judged; null: all are.</summary>
    public ModelProperty? Only { get; init; }

    /// <summary>Within how many windows a session of which two tokens are shown has to end.</summary>
    public int DetectionWindows { get; init; } = 2;

    public TimeSpan Window => ReuseWindow < RotateAfter ? ReuseWindow : RotateAfter;

    /// <summary>The longest time that a request takes: what the tolerance does not cover of how far clocks are apart comes off.</summary>
    private TimeSpan LongestExchange => Window - TimeSpan.FromSeconds(1) - Max(TimeSpan.Zero, Skew - Tolerance);

    /// <summary>How far two clocks are apart at the most.</summary>
    public TimeSpan Skew => Nodes.Max() - Nodes.Min();

    /// <summary>
    /// Up to what delay a request is always expected to be let in. Of two rotations on demand the second can follow as soon as the first is
    /// confirmed: then the token of the request is not even the previous one.
    /// </summary>
    public TimeSpan PromptRequest =>
        Min(Skew > TimeSpan.Zero ? TimeSpan.FromSeconds(5) : Min(Grace, RotatesOnDemand ? Flush : Grace), LongestRequest);

    /// <summary>
    /// The delays as this world has them: no request is later than the window from its beginning to the arrival of its answer.
    /// </summary>
    public ModelDelays Cut(ModelDelays delays)
    {
        var left = LongestExchange;
        var write = Min(delays.Write, TimeSpan.FromSeconds(10));
        left -= 3 * write;
        var request = Min(delays.Request, Min(LongestRequest - (3 * write), left));
        left -= request;
        var handler = Min(delays.Handler, left);
        left -= handler;
        return new(
            Max(request, TimeSpan.Zero),
            Max(handler, TimeSpan.Zero),
            write,
            Max(Min(delays.Answer, Min(LongestAnswer, left)), TimeSpan.Zero)
        );
    }

    public override string ToString() =>
        $"rotate after {RotateAfter:g}, grace {Grace:g}, window {ReuseWindow:g}, clocks off by [{string.Join(", ", Nodes.Select(static node => $"{node:g}"))}], "
        + $"requests up to {LongestRequest:g}, answers up to {LongestAnswer:g}"
        + string.Concat(
            (Crashes ? ", crashes" : "")
                + (RotatesOnDemand ? ", rotations on demand" : "")
                + (StoreFails ? ", store fails" : "")
                + (RollsBack ? ", store rolls back" : "")
                + (HasThief ? ", thief" : "")
                + (HasCache ? ", cache" : "")
        );

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
