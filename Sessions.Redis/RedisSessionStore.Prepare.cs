using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Checking at start that the servers can be trusted with sessions.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        // The product of the servers is checked first: an error of another product about a script would not say why.
        foreach (var info in await RunOnEachAsync(RedisStatements.Info, cancellationToken).ConfigureAwait(false))
        {
            if ((string?)info is { Length: > 0 } text)
            {
                new RedisServerInfo(text).Check();
            }
            else
            {
                LogUnchecked(_log);
            }
        }

        // The servers answer: what is left is no wait for them.
        foreach (var reply in await RunOnEachAsync(RedisStatements.Check, CancellationToken.None).ConfigureAwait(false))
        {
            if ((string[])reply! is { Length: > 0 } refused)
            {
                throw CreatePermissionException($"{string.Join(", ", refused.Distinct())} at");
            }
        }
    }

    private async Task<RedisResult[]> RunOnEachAsync(RedisScript script, CancellationToken cancellationToken)
    {
        try
        {
            return await _connection
                .SendAsync(
                    database =>
                        Task.WhenAll(
                            RedisPrimaries.GetProbeKeys(database.Multiplexer, _keys).Select(key => CheckAsync(script, database, key))
                        ),
                    cancellationToken
                )
                .ConfigureAwait(false);
        }
        catch (SessionStoreException e) when (e.InnerException is SessionConfigurationException unfit)
        {
            throw unfit;
        }
    }

    private async Task<RedisResult> CheckAsync(RedisScript script, IDatabase database, RedisKey key)
    {
        try
        {
            return await script.RunAsync(database, [key], [_keys.ChangeChannel, _keys.HeartbeatChannel("")]).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOPERM", StringComparison.Ordinal))
        {
            throw CreatePermissionException("run scripts on", e);
        }
        // The general code; what passes by itself has one of its own, such as LOADING.
        catch (RedisServerException e) when (e.Message.StartsWith("ERR ", StringComparison.Ordinal))
        {
            throw database.Multiplexer.GetServer(key).GetProductVariant(out var version) == ProductVariant.Garnet
                ? RedisServerInfo.Unsupported("Garnet", version)
                : new SessionConfigurationException(
                    $"The server cannot run the scripts of sessions. {RedisServerInfo.Advice} It says: {e.Message}",
                    e
                );
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
