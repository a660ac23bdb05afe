using Sessions.Testing;
using Sessions.Tests.Demo;

namespace Sessions.Tests.Nodes;

/// <summary>The demo, three times, each with a cache, behind one database.</summary>
internal sealed class DemoNodes : IAsyncDisposable
{
    public const int Count = 3;

    private readonly SemaphoreSlim _replacing = new(1);
    private readonly DemoProcess?[] _nodes = new DemoProcess?[Count];
    private readonly Func<int, string[]> _arguments;

    private DemoNodes(Func<int, string[]> arguments)
    {
        _arguments = arguments;
    }

    public DemoProcess this[int node] => Volatile.Read(ref _nodes[node])!;

    /// <summary>Starts them one after the other: the first makes the schema.</summary>
    /// <param name="store">Which store.</param>
    /// <param name="connection">Where each node finds it.</param>
    /// <param name="staleness">How long a cache may be wrong at the most.</param>
    public static async Task<DemoNodes> StartAsync(string store, Func<int, string> connection, TimeSpan staleness)
    {
        var nodes = new DemoNodes(node =>
            ["--store", store, "--connection", connection(node), "--cache", "true", "--staleness", $"{staleness}"]
        );
        for (var node = 0; node < Count; node++)
        {
            await nodes.StartAsync(node);
        }

        return nodes;
    }

    /// <summary>One of the nodes that are up.</summary>
    public DemoProcess GetRunning(SeededRandom random)
    {
        var up = _nodes.OfType<DemoProcess>().ToArray();
        return up[random.Next(up.Length)];
    }

    /// <summary>Ends a node the hard way, and starts another in its place.</summary>
    public async Task ReplaceAsync(int node)
    {
        await _replacing.WaitAsync();
        try
        {
            await Interlocked.Exchange(ref _nodes[node], null)!.DisposeAsync();
            await StartAsync(node);
        }
        finally
        {
            _replacing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<DemoProcess>())
        {
            await node.DisposeAsync();
        }

        _replacing.Dispose();
    }

    private async Task StartAsync(int node) => Volatile.Write(ref _nodes[node], await DemoProcess.StartAsync(_arguments(node)));
}
