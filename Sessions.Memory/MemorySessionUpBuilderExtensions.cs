using Sessions;
using Sessions.Memory;
using Sessions.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in memory.</summary>
public static class MemorySessionUpBuilderExtensions
{
    /// <summary>
    /// Keeps the sessions of this name in the memory of this process: for one node, tests and trials. They are gone when it ends.
    /// </summary>
    public static SessionUpBuilder UseMemory(this SessionUpBuilder builder, Action<MemorySessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore<MemorySessionOptions>(
            (options, _) => configure?.Invoke(options),
            setDefaults: null,
            static (options, context) => new MemorySessionStore(options, context.Time)
        );
    }
}
