using Sessions.Stores;

namespace Sessions.Redis;

/// <inheritdoc />
internal sealed class RedisSessionOptionsValidator : SessionStoreOptionsValidator<RedisSessionOptions>
{
    protected override IEnumerable<string> GetFailures(RedisSessionOptions options)
    {
        if (
            options
            is { Configuration: not null, Connection: not null }
                or { Configuration: null, Connection: null, ConnectionFactory: null }
        )
        {
            yield return "Set either Configuration or Connection, and not both.";
        }

        if (options.Configuration is { } configuration && !RedisConnection.IsValidConfiguration(configuration))
        {
            yield return "The configuration for Redis names no server, or holds a setting that StackExchange.Redis does not know; write for instance 'localhost:6379'.";
        }

        if (options.KeyPrefix?.AsSpan().ContainsAny('{', '}') is true)
        {
            yield return "The key prefix for Redis holds a brace; choose one without, since braces tell a cluster which keys belong together.";
        }
    }
}
