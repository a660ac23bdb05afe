using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// Where and how sessions are kept in Redis. Named options: they bind from configuration and are checked when the host starts.
/// </summary>
public sealed class RedisSessionOptions
{
    /// <summary>
    /// Servers and settings in the words of StackExchange.Redis, for instance <c>redis-1:6379,redis-2:6379,password=...,ssl=true</c>. The
    /// connection is made when it is first needed, is made again when it breaks, and is closed with the application. Default: none; the
    /// application's own connection is used.
    /// </summary>
    public string? Configuration { get; set; }

    /// <summary>The application's own connection instead, which the application closes.</summary>
    public IConnectionMultiplexer? Connection { get; set; }

    /// <summary>Changes what <see cref="Configuration"/> says, for instance to check the server's certificate in a way of your own.
    /// Default: nothing, but that replies are read on the thread pool where the driver can do that.</summary>
    public Action<ConfigurationOptions>? ConfigureConnection { get; set; }

    /// <summary>
    /// What every key begins with, so that several applications may share a server. Any text without braces, with which a cluster marks
    /// what belongs together. Default: <c>sessions:</c>, for sessions of a name <c>sessions:NAME:</c>.
    /// </summary>
    public string? KeyPrefix { get; set; }

    /// <summary>
    /// See <see cref="SessionUpOptions.ShardKey"/>; it must be the key that the ids of the sessions are made with. Default (null): the one
    /// of the sessions, where <c>UseRedis</c> makes the store, else none.
    /// </summary>
    public byte[]? ShardKey { get; set; }

    /// <summary>Finds the application's own connection, when it is first needed; may block. Counts where the others are not set.</summary>
    internal Func<IConnectionMultiplexer>? ConnectionFactory { get; set; }
}
