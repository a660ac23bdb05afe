using Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Remembers sessions in process.</summary>
public static class SessionUpCache
{
    /// <summary>
    /// Puts a bounded cache in front of the store of this name, so that most requests ask nobody. It may only say yes, and never longer than
    /// <see cref="SessionCacheOptions.MaxStaleness"/> after the store was asked; where the store has a change feed (Memory, Redis, Postgres) an ended session is refused on every node
    /// within its latency. An endpoint that must not rely on it says <c>.RequireSession(authoritative: true)</c>.
    /// </summary>
    public static SessionUpBuilder UseCache(this SessionUpBuilder builder, Action<SessionCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<SessionUpOptions>(
            builder.Name,
            options =>
            {
                options.Cache ??= new SessionCacheOptions();
                configure?.Invoke(options.Cache);
            }
        );
        return builder;
    }
}
