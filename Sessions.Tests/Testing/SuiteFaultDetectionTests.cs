using NUnit.Framework;
using NUnit.Framework.Interfaces;
using Sessions.Tests.Testing.Faults;

namespace Sessions.Tests.Testing;

/// <summary>The proof of the suites: each store here has one fault, and the test that is named for it fails.</summary>
public sealed partial class SuiteFaultDetectionTests
{
    private static IEnumerable<Fault> All => [.. s_conformance, .. s_contract, .. s_outages, .. s_races];

    private static IEnumerable<TestCaseData> Faults =>
        All.Select(fault => new TestCaseData(fault.Suite, fault.Test).SetArgDisplayNames(fault.Store.Name, fault.Test));

    private static IEnumerable<TestCaseData> SoundRuns =>
        All.Select(fault => (Suite: fault.Suite.GetGenericTypeDefinition().MakeGenericType(typeof(ReferenceStore)), fault.Test))
            .Distinct()
            .Select(run => new TestCaseData(run.Suite, run.Test).SetArgDisplayNames(run.Test));

    [TestCaseSource(nameof(Faults))]
    public void A_planted_fault_is_found_by_the_test_named_for_it(Type suite, string test)
    {
        var results = SuiteRunner.Run(suite, test);

        Assert.That(results, Is.Not.Empty, "The suite has no such test.");
        // An error would mean that the faulty store broke down, not that the test found it out.
        Assert.That(
            results.Select(result => result.ResultState),
            Has.Some.EqualTo(ResultState.Failure),
            () => string.Join('\n', results.Select(result => $"{result.Name} {result.ResultState}: {result.Message}"))
        );
    }

    [Test]
    public void A_store_that_never_answers_fails_its_test_and_does_not_stop_the_run()
    {
        var results = SuiteRunner.Run(typeof(ShortTimeoutConformanceTests<NeverCompletes>), "An_unknown_session_is_not_found");

        Assert.That(results.Single().ResultState.Status, Is.EqualTo(TestStatus.Failed));
        Assert.That(results.Single().Message, Does.Contain("CancelAfter"));
    }

    [Test]
    public void A_store_that_cannot_be_made_fails_its_test_with_the_reason_alone()
    {
        var results = SuiteRunner.Run(typeof(AnyConformanceTests<MissingServerBackend>), "An_unknown_session_is_not_found");

        Assert.That(results.Single().Message, Does.Contain("There is no server.").And.Not.Contains(nameof(NullReferenceException)));
    }

    [TestCaseSource(nameof(SoundRuns))]
    public void The_same_test_passes_without_a_fault(Type suite, string test)
    {
        var results = SuiteRunner.Run(suite, test);

        Assert.That(results, Is.Not.Empty);
        Assert.That(results.Select(result => result.ResultState), Has.All.EqualTo(ResultState.Success));
    }

    private static Fault Conformance<TStore>(string test)
        where TStore : ReferenceStore => new(typeof(TStore), typeof(FaultyConformanceTests<TStore>), test);

    private static Fault Races<TStore>(string test)
        where TStore : ReferenceStore => new(typeof(TStore), typeof(FaultyRaceTests<TStore>), test);

    private sealed record Fault(Type Store, Type Suite, string Test);
}
