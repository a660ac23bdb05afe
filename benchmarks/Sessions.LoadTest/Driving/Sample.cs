namespace Sessions.LoadTest.Driving;

/// <summary>What one server did under one load.</summary>
/// <param name="RequestsPerSecond">As wrk counted them.</param>
/// <param name="MedianMicroseconds">Half of the answers took longer.</param>
/// <param name="P99Microseconds">One of a hundred answers took longer.</param>
/// <param name="ProcessorMicroseconds">Processor time of the server for each request.</param>
internal sealed record Sample(double RequestsPerSecond, double MedianMicroseconds, double P99Microseconds, double ProcessorMicroseconds)
{
    public static Sample Create(WrkResult load, TimeSpan used) =>
        new(load.RequestsPerSecond, load.MedianMicroseconds, load.P99Microseconds, used.TotalMicroseconds / load.Requests);

    /// <summary>Half way between two, of the same server before and after.</summary>
    public static Sample Combine(Sample before, Sample after) =>
        new(
            (before.RequestsPerSecond + after.RequestsPerSecond) / 2,
            (before.MedianMicroseconds + after.MedianMicroseconds) / 2,
            (before.P99Microseconds + after.P99Microseconds) / 2,
            (before.ProcessorMicroseconds + after.ProcessorMicroseconds) / 2
        );
}
