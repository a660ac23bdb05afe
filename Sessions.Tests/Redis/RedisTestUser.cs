using Sessions.Tests.Testing;
using StackExchange.Redis;

namespace Sessions.Tests.Redis;

/// <summary>A user of its own for the stores of a test, so that the test can lock out them and nothing else on the shared server.</summary>
internal sealed class RedisTestUser : IAsyncDisposable
{
    private readonly IConnectionMultiplexer _connection;
    private readonly string _server;
    private readonly string _name;

    private RedisTestUser(IConnectionMultiplexer connection, string server, string name)
    {
        (_connection, _server, _name) = (connection, server, name);
    }

    public string ConnectionString => $"{_server},user={_name},password={_name}";

    /// <param name="server">The connection string of a user who may do everything.</param>
    /// <param name="name">Different in every test.</param>
    public static async Task<RedisTestUser> CreateAsync(string server, string name)
    {
        var connection = await ConnectionMultiplexer.ConnectAsync($"{server},connectTimeout=60000,connectRetry=3");
        var user = new RedisTestUser(connection, server, name);
        await user.CallAsync("ACL", "SETUSER", name, "on", $">{name}", "~*", "&*", "+@all");
        return user;
    }

    /// <summary>From now on the server refuses every command that reads, writes or runs a script, until the result is disposed.</summary>
    public async Task<IAsyncDisposable> BreakAsync()
    {
        await CallAsync("ACL", "SETUSER", _name, "-@all", "+@connection", "+@pubsub");
        return new Repair(async () => await CallAsync("ACL", "SETUSER", _name, "+@all"));
    }

    /// <summary>Sends a command as the user who may do everything.</summary>
    public Task<RedisResult> CallAsync(string command, params object[] arguments) =>
        _connection.GetDatabase().ExecuteAsync(command, arguments);

    public async ValueTask DisposeAsync()
    {
        await CallAsync("ACL", "DELUSER", _name);
        await _connection.DisposeAsync();
    }
}
