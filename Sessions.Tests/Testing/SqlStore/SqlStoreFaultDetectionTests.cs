using NUnit.Framework;
using NUnit.Framework.Interfaces;
using Sessions.Tests.Testing.Faults;

namespace Sessions.Tests.Testing.SqlStore;

/// <summary>
/// The suites find what is usually wrong in a store of rows, and say so that its author knows where to look: each fault is a change in the
/// source of <see cref="SqlSessionStore"/>. Without it, <see cref="SqlStoreConformanceTests"/> and <see cref="SqlStoreRaceTests"/> pass.
/// </summary>
internal sealed class SqlStoreFaultDetectionTests
{
    private static IEnumerable<TestCaseData> Faults =>
        SqlStoreFaults.All.Select(fault => new TestCaseData(fault).SetArgDisplayNames(fault.Name));

    [TestCaseSource(nameof(Faults))]
    public void A_fault_is_found_and_the_message_names_its_cause(SqlStoreFault fault)
    {
        var edits = fault.Also is { } also ? [(fault.Text, fault.Replacement), also] : new[] { (fault.Text, fault.Replacement) };
        var suite = fault.IsRace ? typeof(SqlStoreRaceTests) : typeof(SqlStoreConformanceTests);

        var results = SuiteRunner.Run(SqlStoreCompiler.Compile(edits).GetType(suite.FullName!)!, fault.Test);

        Assert.That(results, Is.Not.Empty, "The suite has no such test.");
        var failures = results.Where(result => result.ResultState.Status == TestStatus.Failed).Select(result => result.Message);
        Assert.That(string.Join("\n\n", failures), Does.Contain(fault.Message));
    }

    [Test]
    public void There_are_forty_faults() => Assert.That(SqlStoreFaults.All.Select(fault => fault.Name).Distinct().Count(), Is.AtLeast(40));
}
