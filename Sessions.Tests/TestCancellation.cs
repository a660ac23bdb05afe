global using static Sessions.Tests.TestCancellation;
using NUnit.Framework;

namespace Sessions.Tests;

/// <summary>Ends the calls of a test that takes longer than its <see cref="CancelAfterAttribute"/> allows.</summary>
internal static class TestCancellation
{
    public static CancellationToken Token => TestContext.CurrentContext.CancellationToken;
}
