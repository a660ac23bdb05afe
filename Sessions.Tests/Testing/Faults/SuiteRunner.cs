using System.Reflection;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;
using NUnit.Framework.Internal.Execution;

namespace Sessions.Tests.Testing.Faults;

/// <summary>
/// Runs tests of a fixture inside a test, with results of their own, so that their failures are not those of the test around them.
/// </summary>
internal static class SuiteRunner
{
    /// <summary>The results of all cases of one test.</summary>
    public static IReadOnlyList<ITestResult> Run(Type fixture, string test)
    {
        using var isolated = new TestExecutionContext.IsolatedContext();
        var suite = new DefaultSuiteBuilder().BuildFrom(new TypeWrapper(fixture), new SingleTestFilter(test));
        var work = WorkItemBuilder.CreateWorkItem(suite, TestFilter.Empty, recursive: true)!;
        work.InitializeContext(new TestExecutionContext { Dispatcher = new InlineDispatcher() });
        work.Execute();
        work.WaitForCompletion();
        return [.. Cases(work.Result)];
    }

    private static IEnumerable<ITestResult> Cases(ITestResult result) =>
        result.HasChildren ? result.Children.SelectMany(Cases)
        : result.Test.IsSuite ? []
        : [result];

    private sealed class SingleTestFilter(string name) : IPreFilter
    {
        public bool IsMatch(Type type) => true;

        public bool IsMatch(Type type, MethodInfo method) => method.Name == name;
    }

    private sealed class InlineDispatcher : IWorkItemDispatcher
    {
        public int LevelOfParallelism => 0;

        public void Start(WorkItem topLevelWorkItem) => topLevelWorkItem.Execute();

        public void Dispatch(WorkItem work) => work.Execute();

        public void CancelRun() { }
    }
}
