using NUnit.Framework;
using static Sessions.Tests.BrowserModel.ModelProperty;
using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>Every mistake that is put back by hand is found, by the property that it breaks.</summary>
[CancelAfter(300_000)]
internal sealed class RotationFaultTests
{
    private const int MostRuns = 2000;

    private static readonly (RotationFaults Fault, string Regime, ModelProperty Property)[] s_faults =
    [
        (ConfirmsAtFirstShowing, nameof(ModelRegimes.Crashing), OwnerStaysIn),
        (ConfirmsAfterIssue, nameof(ModelRegimes.Crashing), OwnerStaysIn),
        (RotatesUnconfirmed, nameof(ModelRegimes.Crashing), OwnerStaysIn),
        (RaisesUnshownToken, nameof(ModelRegimes.Theft), ProofStaysWithNewToken),
        (StaysDelivered, nameof(ModelRegimes.Crashing), OwnerStaysIn),
        (ReauthenticationHasNoGrace, nameof(ModelRegimes.OnDemand), OwnerStaysIn),
        (RotatesOnOldEvidence, nameof(ModelRegimes.Slow), CookieStays),
        (ReissuesOnOldEvidence, nameof(ModelRegimes.Crashing), OwnerStaysIn),
        (ReissuesAnother, nameof(ModelRegimes.Slow), OwnerStaysIn),
        (HasNoMarkers, nameof(ModelRegimes.Crashing), CookieStays),
        (DestroysBeforeCreate, nameof(ModelRegimes.Slow), OwnerStaysIn),
        (TellsEveryCopy, nameof(ModelRegimes.Theft), CopyEndsAtOnce),
    ];

    private static IEnumerable<TestCaseData> Found =>
        s_faults.Select(static found => new TestCaseData(found.Fault, found.Regime, found.Property));

    [TestCaseSource(nameof(Found))]
    public void A_model_finds_a_mistake(RotationFaults fault, string regime, ModelProperty property)
    {
        var found = ModelCheck.FindFirst(
            ModelRegimes.Named[regime],
            property,
            MostRuns,
            length: 300,
            run => SpecificationRuns.Take(run, fault)
        );

        Assert.That(found, Is.Not.Null, $"{fault} was not found in {MostRuns} runs.");
        TestContext.Out.WriteLine($"{fault}: {found}");
    }
}
