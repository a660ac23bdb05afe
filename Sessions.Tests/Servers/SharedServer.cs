using NUnit.Framework;

namespace Sessions.Tests.Servers;

/// <summary>One kind of server, started when the first test asks for it, shared by all, ended with the run.</summary>
internal abstract class SharedServer
{
    private readonly Lazy<Task<TestServer?>> _server;
    private readonly bool _inContainer;
    private IAsyncDisposable? _running;

    /// <param name="inContainer">Whether only a container will do; else a server comes from the first place that has one.</param>
    protected SharedServer(bool inContainer)
    {
        _inContainer = inContainer;
        _server = new(StartAsync);
    }

    protected abstract string Name { get; }

    /// <summary>The environment variable with a connection string that comes before everything else.</summary>
    protected abstract string Variable { get; }

    /// <summary>What to install when there is no such server.</summary>
    protected abstract string Packages { get; }

    /// <summary>The server; a test without it fails in CI and is skipped elsewhere.</summary>
    public async Task<TestServer> GetAsync() => await _server.Value ?? throw Missing();

    /// <summary>The outcome of a test that cannot have its server.</summary>
    public Exception Missing() =>
        Missing(
            _inContainer
                ? $"There is no {Name} in a container, as no engine answers: start Docker, let DOCKER_HOST name an engine, or run ./build.sh Test as root on "
                    + "Debian. If it starts none there, it says why before the first test."
                : $"There is no {Name}: install {Packages}, run a container engine, or set {Variable}."
        );

    /// <summary>The outcome of a test that cannot have a program it needs.</summary>
    public static Exception Missing(string reason) =>
        Environment.GetEnvironmentVariable("CI") == "true" ? new AssertionException(reason) : new IgnoreException(reason);

    public ValueTask StopAsync() => _running?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Starts a process of what is installed; null when nothing is.</summary>
    protected abstract Task<(IAsyncDisposable Running, string ConnectionString)?> StartProcessAsync();

    /// <summary>Starts a container; null where no engine answers.</summary>
    protected abstract Task<(IAsyncDisposable Running, string ConnectionString)?> StartContainerAsync();

    protected abstract Task<string> ReadVersionAsync(string connectionString);

    private async Task<TestServer?> StartAsync()
    {
        if (!_inContainer && Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return await DescribeAsync(Variable, given);
        }

        var engine = _inContainer ? "containers" : Environment.GetEnvironmentVariable("SESSIONS_TEST_ENGINE");
        return await TryAsync("process", StartProcessAsync, engine is not "containers")
            ?? await TryAsync("container", StartContainerAsync, engine is not "processes");
    }

    private async Task<TestServer?> TryAsync(string engine, Func<Task<(IAsyncDisposable, string)?>> start, bool allowed)
    {
        if (!allowed || await start() is not var (running, connectionString))
        {
            return null;
        }

        _running = running;
        return await DescribeAsync(engine, connectionString);
    }

    private async Task<TestServer> DescribeAsync(string engine, string connectionString)
    {
        var server = new TestServer(Name, await ReadVersionAsync(connectionString), engine, connectionString);
        TestServers.RecordUse(server.ToString());
        return server;
    }
}

/// <summary>A server that many tests share; each keeps to a prefix or schema of its own.</summary>
/// <param name="Name">The product, for instance "Redis".</param>
/// <param name="Version">What the server itself says.</param>
/// <param name="Engine">Where it comes from: a given connection string, a container, a process.</param>
/// <param name="ConnectionString">In the words of the provider's driver.</param>
internal sealed record TestServer(string Name, string Version, string Engine, string ConnectionString)
{
    public override string ToString() => $"{Name} {Version} ({Engine})";
}
