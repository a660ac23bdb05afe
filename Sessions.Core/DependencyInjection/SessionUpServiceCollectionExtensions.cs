using Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds sessions to an application.</summary>
public static class SessionUpServiceCollectionExtensions
{
    /// <summary>
    /// Adds the default sessions. Their <see cref="SessionManager"/>, <see cref="SessionAdministration"/> and store are keyed services of
    /// the empty name, and also unkeyed.
    /// </summary>
    /// <returns>Where to say which store is used.</returns>
    public static SessionUpBuilder AddSessionUp(this IServiceCollection services, Action<SessionUpOptions>? configure = null) =>
        services.AddSessionUp(Options.Options.DefaultName, configure);

    /// <summary>
    /// Adds sessions of another name, with a store, a cookie and options of their own. Manager, administration and store are services keyed
    /// by the name.
    /// </summary>
    /// <returns>Where to say which store is used.</returns>
    public static SessionUpBuilder AddSessionUp(this IServiceCollection services, string name, Action<SessionUpOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        var options = services.AddOptions<SessionUpOptions>(name).ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        NamedSessionRegistration.Add(services, name);
        return new SessionUpBuilder(name, services);
    }
}
