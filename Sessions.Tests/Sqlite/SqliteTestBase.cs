using NUnit.Framework;
using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

/// <summary>A fresh file, a store on it, and sessions to put in.</summary>
[CancelAfter(60_000)]
public abstract class SqliteTestBase
{
    private readonly List<SqliteSessionStore> _nodes = [];

    private protected SqliteTestDatabase Database { get; private set; } = null!;

    protected ManualTimeProvider Clock { get; private set; } = null!;

    protected SampleSessions Samples { get; private set; } = null!;

    protected SqliteSessionStore Store => _nodes[0];

    [SetUp]
    public void Open()
    {
        Database = new SqliteTestDatabase();
        Clock = new ManualTimeProvider();
        Samples = new SampleSessions(Clock, SeededRandom.Create());
        OpenStore();
    }

    [TearDown]
    public async Task CloseAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
        Database.Remove();
    }

    /// <summary>Another store on the file.</summary>
    protected SqliteSessionStore OpenStore(Action<SqliteSessionOptions>? configure = null)
    {
        var node = Database.Open(Clock, configure);
        _nodes.Add(node);
        return node;
    }

    protected async Task<Session> CreateAsync(string userKey = "ann")
    {
        var session = Samples.CreateFull(userKey);
        await Store.CreateAsync(session, null, Token);
        return session;
    }

    /// <summary>A session too big for the pages that are there.</summary>
    protected Session CreateLarge() => Samples.Create() with { Values = SessionValues.From([new("big", new string('x', 60_000))]) };

    protected SessionPatch Rotate(Session session) =>
        new()
        {
            Credential = new() { Expected = session.Credential, Next = Samples.Rotate(session.Credential) },
        };
}
