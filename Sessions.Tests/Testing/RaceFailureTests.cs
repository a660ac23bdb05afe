using System.Reflection;
using NUnit.Framework;
using NUnit.Framework.Interfaces;
using Sessions.Tests.Testing.Faults;

namespace Sessions.Tests.Testing;

/// <summary>A call that fails in the middle of a race fails its test at once, with what the store threw, and leaves no other call waiting.</summary>
internal sealed class RaceFailureTests
{
    private static readonly Type[] s_stores =
    [
        typeof(FailsInTheFirstCall),
        typeof(FailsInTheSecondCall),
        typeof(FailsInTheFifthCall),
        typeof(FailsInTheTenthCall),
        typeof(FailsInThe15thCall),
        typeof(FailsInThe25thCall),
    ];

    private static IEnumerable<TestCaseData> Races =>
        from store in s_stores
        let suite = typeof(FaultyRaceTests<>).MakeGenericType(store)
        from test in suite.GetMethods().Where(IsTest).Select(method => method.Name)
        select new TestCaseData(suite, test).SetArgDisplayNames(store.Name, test);

    [TestCaseSource(nameof(Races))]
    public async Task A_call_that_fails_ends_its_race_with_the_cause(Type suite, string test)
    {
        var results = await Task.Run(() => SuiteRunner.Run(suite, test)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(results, Is.Not.Empty);
        Assert.That(results.Select(result => result.ResultState.Status), Has.All.EqualTo(TestStatus.Failed));
        Assert.That(results.Select(result => result.Message), Has.All.Contains(FailsInOneCall.Cause));
        Assert.That(results.Sum(result => result.Duration), Is.LessThan(20), "It did not wait until its time was over.");
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes<NUnitAttribute>().Any(attribute => attribute is ITestBuilder or ISimpleTestBuilder);
}
