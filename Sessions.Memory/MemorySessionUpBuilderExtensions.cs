using Microsoft.Extensions.Options;
using Sessions;
using Sessions.Memory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in memory.</summary>
public static class MemorySessionUpBuilderExtensions
{
    /// <summary>Keeps the sessions of this name in the memory of this process: for one node, tests and trials. They are gone when it ends.</summary>
    public static SessionUpBuilder UseMemory(this SessionUpBuilder builder, Action<MemorySessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder
            .Services.AddOptions<MemorySessionOptions>(builder.Name)
            .Configure(configure ?? (static _ => { }))
            .Validate(static options => options.IsValid, MemorySessionOptions.Rule)
            .ValidateOnStart();
        return builder.UseStore(services => new MemorySessionStore(
            services.GetRequiredService<IOptionsMonitor<MemorySessionOptions>>().Get(builder.Name),
            services.GetRequiredService<TimeProvider>()
        ));
    }
}
