namespace Sessions.LoadTest.Driving;

/// <summary>What wrk is to do.</summary>
/// <param name="Connections">Each sends its next request when it has the last answer.</param>
/// <param name="Seconds">How long.</param>
/// <param name="SignInUsers">Sign-ins of so many users instead of requests with their sessions.</param>
internal sealed record WrkLoad(int Connections, int Seconds, int? SignInUsers = null)
{
    /// <summary>
    /// Whether every answer but one of 200 to 299 is an error, and not only those of 400 and more: that costs wrk too much to be measured.
    /// </summary>
    public bool IsChecked { get; init; }
}
