using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace Sessions.Testing;

/// <summary>
/// What the suites have in common: each test gets a fresh, empty store on a manual clock, and leaves nothing behind. Derive from
/// <see cref="SessionStoreConformanceTests{TStore}"/> and <see cref="SessionStoreRaceTests{TStore}"/>.
/// </summary>
/// <typeparam name="TStore">The store under test.</typeparam>
// Only a safety net: a store that hangs fails its test instead of the whole run.
[CancelAfter(120_000)]
public abstract class SessionStoreTestBase<TStore>
    where TStore : class, ISessionStore
{
    private readonly List<TStore> _nodes = [];

    /// <summary>The clock of the store; starts at the real present and moves only by hand.</summary>
    protected ManualTimeProvider Clock { get; private set; } = null!;

    /// <summary>The chance of this test. Its seed is printed when the test fails.</summary>
    protected SeededRandom Random { get; private set; } = null!;

    /// <summary>Makes the sessions of this test.</summary>
    protected SampleSessions Samples { get; private set; } = null!;

    /// <summary>The store under test.</summary>
    protected TStore Store { get; private set; } = null!;

    /// <summary>For every call of the store; cancelled when the test takes unreasonably long.</summary>
    protected static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    /// <summary>
    /// A new store without any session, for one test: its own file, schema or prefix. It is disposed after the test, if it is
    /// <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>.
    /// </summary>
    /// <param name="time">The clock the store has to use.</param>
    protected abstract ValueTask<TStore> CreateStoreAsync(TimeProvider time);

    /// <summary>
    /// Another node: a store of its own over the data of <paramref name="first"/>, with a clock of its own. Null, the default, for a store that has no
    /// data to share; tests of several nodes are then ignored. Disposed like the first.
    /// </summary>
    protected virtual ValueTask<TStore?> CreateNodeAsync(TStore first, TimeProvider time) => ValueTask.FromResult<TStore?>(null);

    /// <summary>Called after a test, when its stores are disposed: remove the file, the schema, the keys. Not called for a store that could not be made.</summary>
    protected virtual ValueTask CleanUpAsync() => ValueTask.CompletedTask;

    /// <summary>Makes the store of a test.</summary>
    [SetUp]
    public async Task SetUpStoreAsync()
    {
        Clock = new ManualTimeProvider();
        Random = SeededRandom.Create();
        Samples = new SampleSessions(Clock, Random);
        Store = await CreateStoreAsync(Clock);
        _nodes.Add(Store);
    }

    /// <summary>Disposes the stores of a test and cleans up.</summary>
    [TearDown]
    public async Task TearDownStoreAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
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
                await CleanUpAsync();
            }
        }
    }

    /// <summary>Another node whose clock is wrong by <paramref name="skew"/>; ignores the test, when the store has none.</summary>
    protected async Task<TStore> AddNodeAsync(TimeSpan skew)
    {
        var node = await CreateNodeAsync(Store, Clock.CreateSkewed(skew));
        if (node is null)
        {
            Assert.Ignore("This store has no second node: its data belongs to one instance.");
        }

        _nodes.Add(node!);
        return node!;
    }

    /// <summary>Compares all parts of a session, and names those that differ.</summary>
    private protected static void AssertSame(Session? actual, Session expected) =>
        Assert.That(actual, Is.EqualTo(expected), () => SessionDifference.Describe(expected, actual));

    private static async ValueTask DisposeAsync(TStore store)
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
