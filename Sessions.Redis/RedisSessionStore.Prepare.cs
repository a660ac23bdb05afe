using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Checking at start that the servers can be trusted with sessions.</content>
public sealed partial class RedisSessionStore
{
    private static readonly Version OldestServer = new(7, 0);

    // Without a first line `#!lua`, so that a server that is too old can say so. INFO is asked for here because drivers keep it for administrators.
    private static readonly RedisScript CheckScript = new(
        """
        local version, policy = '', ''
        if not redis.acl_check_cmd or redis.acl_check_cmd('INFO') then
            version = string.match(redis.call('INFO', 'server'), 'redis_version:([%d.]+)') or ''
            policy = string.match(redis.call('INFO', 'memory'), 'maxmemory_policy:([%w-]+)') or ''
        end
        local key = KEYS[1]
        local calls = {
            { 'GET', key }, { 'MGET', key }, { 'GETRANGE', key, '0', '1' }, { 'EXISTS', key }, { 'PTTL', key }, { 'PEXPIRE', key, '1' },
            { 'SET', key, '' }, { 'SETRANGE', key, '0', '' }, { 'UNLINK', key },
            { 'ZADD', key, '0', '' }, { 'ZREM', key, '' }, { 'ZREMRANGEBYRANK', key, '0', '1' }, { 'ZRANGE', key, '0', '1' },
            { 'PUBLISH', ARGV[1], '' }, { 'PUBLISH', ARGV[2], '' }, { 'SUBSCRIBE', ARGV[1], ARGV[2] }, { 'UNSUBSCRIBE', ARGV[1] },
        }
        local reply = { version, policy }
        for _, call in ipairs(calls) do
            if redis.acl_check_cmd and not redis.acl_check_cmd(unpack(call)) then
                reply[#reply + 1] = call[1]
            end
        end
        return reply
        """
    );

    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        RedisResult[] replies;
        try
        {
            replies = await _connection.SendAsync(CheckEachPrimaryAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionStoreException e) when (e.InnerException is SessionConfigurationException unfit)
        {
            throw unfit;
        }

        foreach (var reply in replies.Select(static reply => (string[])reply!))
        {
            CheckServer(reply[0], reply[1], [.. reply[2..].Distinct()]);
        }
    }

    private async Task<RedisResult[]> CheckEachPrimaryAsync(IDatabase database)
    {
        try
        {
            RedisValue[] channels = [_keys.ChangeChannel, _keys.HeartbeatChannel("")];
            var keys = RedisPrimaries.GetProbeKeys(database.Multiplexer, _keys);
            return await Task.WhenAll(keys.Select(key => CheckScript.RunAsync(database, [key], channels))).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            throw CreatePermissionException("run scripts on", e);
        }
    }

    private void CheckServer(string version, string policy, string[] refused)
    {
        if (version.Length == 0)
        {
            LogUnchecked(_log);
        }
        else if (Version.Parse(version) < OldestServer)
        {
            throw new SessionConfigurationException($"Redis is version {version}; sessions need {OldestServer} or newer, or Valkey.");
        }
        else if (policy != "noeviction")
        {
            throw new SessionConfigurationException(
                $"Redis may drop sessions that are alive when memory runs short: its maxmemory-policy is {policy}. Set it to noeviction, or give sessions a server of their own."
            );
        }

        if (refused.Length > 0)
        {
            throw CreatePermissionException($"{string.Join(", ", refused)} at");
        }
    }

    private SessionConfigurationException CreatePermissionException(string what, Exception? inner = null) =>
        new(
            $"The user of Redis may not {what} keys and channels that begin with \"{_keys.Prefix}\". Allow it, for instance with: ACL SETUSER <name> \"~{_keys.Prefix}*\" \"&{_keys.Prefix}*\" +@read +@write +@scripting +@pubsub.",
            inner
        );

    [LoggerMessage(
        102,
        LogLevel.Warning,
        "The user of Redis may not run INFO, so it was not checked that the server is version 7 or newer and its maxmemory-policy is noeviction.",
        EventName = "RedisServerUnchecked"
    )]
    private static partial void LogUnchecked(ILogger log);
}
