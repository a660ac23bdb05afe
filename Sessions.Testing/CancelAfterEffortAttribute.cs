using NUnit.Framework;

namespace Sessions.Testing;

/// <summary>Cancels the token of a test that takes too long; a deeper run (<see cref="TestEffort"/>) has as much more time.</summary>
/// <param name="milliseconds">The time that a test has at effort 1.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
internal sealed class CancelAfterEffortAttribute(int milliseconds) : CancelAfterAttribute(TestEffort.Scale(milliseconds));
