using Microsoft.Extensions.Logging;
using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Checking at start that the servers can be trusted with sessions.</content>
public sealed partial class RedisSessionStore
{
    private static readonly Version OldestServer = new(7, 0);

    private static readonly RedisScript RightsScript = new(
        """
        #!lua flags=no-writes
        local key = KEYS[1]
        local calls = {
            { 'GET', key }, { 'MGET', key }, { 'GETRANGE', key, '0', '1' }, { 'EXISTS', key }, { 'PTTL', key }, { 'PEXPIRE', key, '1' },
            { 'SET', key, '' }, { 'SETRANGE', key, '0', '' }, { 'UNLINK', key },
            { 'ZADD', key, '0', '' }, { 'ZREM', key, '' }, { 'ZRANGE', key, '0', '1' },
        }
        local refused = {}
        for _, call in ipairs(calls) do
            if not redis.acl_check_cmd(unpack(call)) then
                refused[#refused + 1] = call[1]
            end
        end
        return refused
        """
    );

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        await SendAsync(CheckServersAsync, cancellationToken).ConfigureAwait(false);
        var refused = (string[])(await CheckRightsAsync(cancellationToken).ConfigureAwait(false))!;
        if (refused.Length > 0)
        {
            throw new SessionConfigurationException(
                $"The user of Redis may not {string.Join(", ", refused)} keys that begin with '{_keys.Prefix}'; allow it with ACL SETUSER, for instance '~{_keys.Prefix}* +@read +@write +@scripting'."
            );
        }
    }

    private async Task<bool> CheckServersAsync(IDatabase database)
    {
        var connection = database.Multiplexer;
        foreach (var server in connection.GetEndPoints().Select(endpoint => connection.GetServer(endpoint)))
        {
            // One that is down is checked when the check runs again; whether the others suffice, every call finds out by itself.
            if (server.IsConnected)
            {
                await CheckServerAsync(server).ConfigureAwait(false);
            }
        }

        return true;
    }

    private async Task CheckServerAsync(IServer server)
    {
        Dictionary<string, string> info;
        try
        {
            var sections = await server.InfoAsync().ConfigureAwait(false);
            info = sections.SelectMany(static section => section).DistinctBy(static line => line.Key).ToDictionary();
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            LogUnchecked(_log, server.EndPoint.ToString(), e);
            return;
        }

        if (Version.TryParse(info.GetValueOrDefault("redis_version"), out var version) && version < OldestServer)
        {
            throw new SessionConfigurationException(
                $"Redis at {server.EndPoint} is version {version}; sessions need {OldestServer} or newer, or Valkey."
            );
        }

        if (info.GetValueOrDefault("maxmemory_policy") is { } policy && policy != "noeviction")
        {
            throw new SessionConfigurationException(
                $"Redis at {server.EndPoint} may drop sessions that are alive when memory runs short: its maxmemory-policy is {policy}. Set it to noeviction, or give the sessions a server of their own."
            );
        }
    }

    private async Task<RedisResult> CheckRightsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(RightsScript, [$"{_keys.Prefix}{{check}}"], [], cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e)
            when (e.InnerException is RedisServerException { Message: var message }
                && message.StartsWith("NOPERM", StringComparison.Ordinal)
            )
        {
            throw new SessionConfigurationException(
                $"The user of Redis may not run scripts on keys that begin with '{_keys.Prefix}'; allow it with ACL SETUSER, for instance '~{_keys.Prefix}* +@read +@write +@scripting'.",
                e
            );
        }
    }

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "The user of Redis may not run INFO, so it was not checked whether the server at {Server} is version 7 or newer and has the maxmemory-policy noeviction.",
        EventName = "RedisServerUnchecked"
    )]
    private static partial void LogUnchecked(ILogger log, string? server, Exception exception);
}
