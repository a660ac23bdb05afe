namespace Sessions.LoadTest.Driving;

/// <summary>One contender in one round.</summary>
/// <param name="Load">What wrk saw.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server for each request.</param>
internal sealed record Sample(WrkResult Load, double ProcessorMicroseconds);
