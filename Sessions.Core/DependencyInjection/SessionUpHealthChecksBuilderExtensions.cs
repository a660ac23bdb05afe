using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sessions;
using Sessions.Diagnostics;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Watches session stores.</summary>
public static class SessionUpHealthChecksBuilderExtensions
{
    /// <summary>Reports whether the store of the sessions of a name answers, and is set up in a way that can be trusted.</summary>
    /// <param name="builder">From <c>AddHealthChecks</c>.</param>
    /// <param name="name">The name that AddSessionUp was called with; by default the default sessions.</param>
    /// <param name="failureStatus">What a failure is reported as. Default: unhealthy.</param>
    /// <param name="tags">To filter the checks by.</param>
    public static IHealthChecksBuilder AddSessionUp(
        this IHealthChecksBuilder builder,
        string name = "",
        HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(name);
        return builder.Add(
            new HealthCheckRegistration(
                name.Length == 0 ? "sessions" : $"sessions-{name}",
                services => new SessionHealthCheck(services.GetRequiredKeyedService<SessionManager>(name).Components),
                failureStatus,
                tags
            )
        );
    }
}
