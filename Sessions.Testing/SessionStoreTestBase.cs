using NUnit.Framework;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace Sessions.Testing;

/// <summary>
/// What the suites have in common: each test gets a fresh, empty store on a manual clock, and leaves nothing behind. Derive from
/// <see cref="SessionStoreConformanceTests{TBackend}"/> and <see cref="SessionStoreRaceTests{TBackend}"/>.
/// </summary>
/// <typeparam name="TBackend">How the store under test is made.</typeparam>
// Only a safety net: a store that hangs fails its test instead of the whole run.
[CancelAfterEffort(120_000)]
public abstract class SessionStoreTestBase<TBackend>
    where TBackend : SessionStoreBackend, new()
{
    private readonly List<ISessionStore> _nodes = [];

    /// <summary>How the stores of this test are made.</summary>
    protected TBackend Backend { get; private set; } = null!;

    /// <summary>The clock of the store; starts at the real present and moves only by hand.</summary>
    protected ManualTimeProvider Clock { get; private set; } = null!;

    /// <summary>The chance of this test. Its seed is printed when the test fails.</summary>
    protected SeededRandom Random { get; private set; } = null!;

    /// <summary>Makes the sessions of this test.</summary>
    protected SampleSessions Samples { get; private set; } = null!;

    /// <summary>The store under test.</summary>
    protected ISessionStore Store { get; private set; } = null!;

    /// <summary>For every call of the store; cancelled when the test takes unreasonably long.</summary>
    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    /// <summary>Makes the store of a test.</summary>
    [SetUp]
    public async Task SetUpStoreAsync()
    {
        TestContext.AddFormatter(SessionText.AddTo);
        Clock = new ManualTimeProvider();
        Random = SeededRandom.Create();
        Samples = new SampleSessions(Clock, Random);
        Backend = new TBackend();
        Store = await Backend.CreateStoreAsync(Clock);
        _nodes.Add(Store);
    }

    /// <summary>Disposes the stores of a test and cleans up.</summary>
    [TearDown]
    public async Task TearDownStoreAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            NameBrokenSentence(TestExecutionContext.CurrentContext);
            await TestContext.Out.WriteLineAsync($"To repeat this test set {SeededRandom.SeedVariable}={Random?.Seed}");
        }

        var isMade = _nodes.Count > 0;
        try
        {
            foreach (var node in Enumerable.Reverse(_nodes))
            {
                await DisposeAsync(node);
            }
        }
        finally
        {
            _nodes.Clear();
            if (isMade)
            {
                await Backend.CleanUpAsync();
            }
        }
    }

    /// <summary>Another node whose clock is wrong by <paramref name="skew"/>; ignores the test, when the store has none.</summary>
    protected async Task<ISessionStore> AddNodeAsync(TimeSpan skew)
    {
        var node = await TryAddNodeAsync(skew);
        if (node is null)
        {
            Assert.Ignore("This store has no second node: its data belongs to one instance.");
        }

        return node!;
    }

    /// <summary>The same; null, when the store has no second node.</summary>
    private protected async Task<ISessionStore?> TryAddNodeAsync(TimeSpan skew)
    {
        var node = await Backend.CreateNodeAsync(Clock.CreateSkewed(skew));
        if (node is not null)
        {
            _nodes.Add(node);
        }

        return node;
    }

    /// <summary>Compares all parts of a session, and names those that differ.</summary>
    private protected static void AssertSame(Session? actual, Session expected) =>
        Assert.That(actual, Is.EqualTo(expected), () => SessionDifference.Describe(expected, actual));

    /// <summary>Each test is named by a sentence of the contract, and a failure begins with it, wherever the message is read.</summary>
    private static void NameBrokenSentence(TestExecutionContext context)
    {
        var result = context.CurrentResult;
        var sentence = context.CurrentTest.MethodName?.Replace('_', ' ');
        result.SetResult(
            result.ResultState,
            $"The contract of {nameof(ISessionStore)} does not hold: \"{sentence}\"\n{result.Message}",
            result.StackTrace
        );
    }

    private static async ValueTask DisposeAsync(ISessionStore store)
    {
        if (store is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
        else
        {
            (store as IDisposable)?.Dispose();
        }
    }
}
