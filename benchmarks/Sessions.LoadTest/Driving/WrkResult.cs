namespace Sessions.LoadTest.Driving;

/// <summary>What one run of wrk saw.</summary>
internal sealed record WrkResult(long Requests, double RequestsPerSecond, double MedianMicroseconds, double P99Microseconds);
