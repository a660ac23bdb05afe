using System.Text.RegularExpressions;

namespace Sessions.Tests.Servers;

/// <summary>What the scripts of one server do, as MONITOR tells it.</summary>
internal sealed partial class RedisCommandLog : IAsyncDisposable
{
    private const string LastWord = "the log ends here";

    private readonly RedisProcess _server;
    private readonly RedisTestClient _wire;

    private RedisCommandLog(RedisProcess server, RedisTestClient wire)
    {
        (_server, _wire) = (server, wire);
    }

    /// <summary>The names of commands that were sent without a script, known when it is stopped.</summary>
    public List<string> Commands { get; } = [];

    public static async Task<RedisCommandLog> StartAsync(RedisProcess server)
    {
        var wire = await RedisTestClient.ConnectAsync(server.Port);
        await wire.CallAsync("MONITOR");
        return new(server, wire);
    }

    /// <summary>The scripts that ran meanwhile, each with the commands that it called.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<RedisLoggedCommand>>> StopAsync()
    {
        await _server.CallAsync("ECHO", LastWord);
        var scripts = new List<List<RedisLoggedCommand>>();
        while (
            Line().Match((await _wire.ReadAsync()).Text!) is var line
            && !line.Groups["command"].Value.Contains(LastWord, StringComparison.Ordinal)
        )
        {
            var command = new RedisLoggedCommand(line.Groups["command"].Value);
            if (command.Name is "EVAL" or "EVALSHA")
            {
                scripts.Add([]);
            }
            else if (line.Groups["source"].Value == "lua")
            {
                scripts[^1].Add(command);
            }
            else
            {
                Commands.Add(command.Name);
            }
        }

        return scripts;
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    // A time, and in brackets the number of a database and an address.
    [GeneratedRegex(@"^\S+ \[\d+ (?<source>\S+)\] (?<command>.*)$")]
    private static partial Regex Line();
}

/// <summary>A command, every part of it in quotes.</summary>
internal sealed partial record RedisLoggedCommand(string Text)
{
    public string Name => Parts().Match(Text).Groups[1].Value.ToUpperInvariant();

    public int ArgumentCount => Parts().Count(Text) - 1;

    [GeneratedRegex(@"""((?:[^""\\]|\\.)*)""")]
    private static partial Regex Parts();
}
