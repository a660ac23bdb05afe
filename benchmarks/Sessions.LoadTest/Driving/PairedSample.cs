namespace Sessions.LoadTest.Driving;

/// <summary>
/// One contender in one round, and the bare endpoint right beside it: a virtual machine changes its speed within minutes, and seldom within
/// seconds.
/// </summary>
/// <param name="Own">What the contender did.</param>
/// <param name="Bare">What the bare endpoint did just before and just after.</param>
internal sealed record PairedSample(Sample Own, Sample Bare);
