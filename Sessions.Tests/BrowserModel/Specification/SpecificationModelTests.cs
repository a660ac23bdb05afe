using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>
/// The specification of rotation keeps every property: that shows that the properties can be kept, and makes it the oracle of the real
/// rotation.
/// </summary>
[CancelAfterEffort(300_000)]
public sealed class SpecificationModelTests
{
    private static IEnumerable<string> Regimes => ModelRegimes.Named.Keys;

    [TestCaseSource(nameof(Regimes))]
    public void The_specification_keeps_every_property(string regime) =>
        ModelCheck.All(ModelRegimes.Named[regime], TestEffort.Scale(250), length: 300, SpecificationRuns.Take);
}
