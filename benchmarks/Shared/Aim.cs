namespace Sessions.Bench;

/// <summary>What the library wants to reach, and what was measured.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Target">The aim, in words.</param>
/// <param name="Measured">The measurement, in the same unit; or why there is none.</param>
/// <param name="IsMet">Null: not measured.</param>
internal sealed record Aim(string What, string Target, string Measured, bool? IsMet)
{
    /// <summary>An aim that could not be measured here.</summary>
    public static Aim NotMeasured(string what, string target, string reason) => new(what, target, $"not measured: {reason}", null);
}
