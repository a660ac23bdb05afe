using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Durability;

/// <summary>What becomes of sessions when the process that keeps them is killed again and again.</summary>
/// <typeparam name="TBackend">How the store is opened.</typeparam>
[CancelAfterEffort(600_000)]
public abstract class KilledProcessTests<TBackend>
    where TBackend : SessionStoreBackend, IDurableBackend, new()
{
    private const int MostSteps = 200;

    private static int Kills { get; } = TestEffort.Scale(5);

    private readonly TBackend _backend = new();

    [OneTimeTearDown]
    public async Task CleanUpAsync() => await _backend.CleanUpAsync();

    [Test]
    public async Task What_a_killed_process_acknowledged_has_happened()
    {
        var token = TestContext.CurrentContext.CancellationToken;
        var random = SeededRandom.Create();
        var connection = _backend.Connection;
        var alive = new HashSet<string>();
        var ended = new HashSet<string>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var said = await WorkloadProcess.KillAsync(typeof(TBackend), connection, 1 + random.Next(MostSteps), token);
            alive.UnionWith(Ids(said, SessionWorkload.Created).Except(Ids(said, SessionWorkload.Deleting)));
            ended.UnionWith(Ids(said, SessionWorkload.Deleted));

            var (listed, found) = await ReadAsync(connection, alive.Union(ended), token);
            Assert.That(listed, Is.SupersetOf(alive), $"Kill {kill}: a session was lost.");
            Assert.That(listed.Intersect(ended), Is.Empty, $"Kill {kill}: a deleted session came back.");
            Assert.That(found, Is.EquivalentTo(alive), $"Kill {kill}: what is found by id is not what is listed.");
        }

        await TestContext.Out.WriteLineAsync(
            $"{Kills} kills: {alive.Count} sessions kept and {ended.Count} deleted, none lost and none resurrected."
        );
    }

    private static async Task<(HashSet<string> Listed, List<string> Found)> ReadAsync(
        string connection,
        IEnumerable<string> ids,
        CancellationToken token
    )
    {
        var store = new TBackend().Open(connection);
        try
        {
            var listed = await store.FetchAllAsync(SessionWorkload.UserKey, token);
            var found = new List<string>();
            foreach (var id in ids)
            {
                if (await store.FetchSessionAsync(SessionId.Parse(id), token) is not null)
                {
                    found.Add(id);
                }
            }

            return ([.. listed.Select(session => session.Id.ToString())], found);
        }
        finally
        {
            await ((IAsyncDisposable)store).DisposeAsync();
        }
    }

    private static IEnumerable<string> Ids(IEnumerable<string> lines, char step) =>
        lines.Where(line => line[0] == step).Select(line => line[1..]);
}
