using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sessions;
using Sessions.Passwords;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds password checks to an application.</summary>
public static class ServiceCollectionPasswordCheckExtensions
{
    /// <summary>
    /// Adds <see cref="PasswordChecker"/>, a singleton. It checks every <see cref="IBreachedPasswordList"/> that is registered as a
    /// singleton. Options that cannot be met stop the host.
    /// </summary>
    public static IServiceCollection AddPasswordChecks(this IServiceCollection services, Action<PasswordCheckOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<PasswordCheckOptions>().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PasswordCheckOptions>, PasswordCheckOptionsValidator>());
        services.TryAddSingleton(static provider => new PasswordChecker(
            provider.GetRequiredService<IOptions<PasswordCheckOptions>>().Value,
            provider.GetServices<IBreachedPasswordList>()
        ));
        return services;
    }
}
