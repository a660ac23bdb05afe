using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sessions.Stores;

/// <summary>For authors of stores: what each <c>UseX</c> does.</summary>
public static class StoreSessionUpBuilderExtensions
{
    /// <summary>
    /// Sets a store with named options. The options are configured first as the caller of <c>UseX</c> says, then in whatever other ways the
    /// application configures them, then by the defaults. The store is made when the host starts, and its constructor checks them. The last
    /// store set under a name wins, and nothing of an earlier one stays.
    /// </summary>
    /// <typeparam name="TOptions">The options of the store.</typeparam>
    /// <param name="builder">The sessions.</param>
    /// <param name="configure">What the caller says; null: nothing.</param>
    /// <param name="setDefaults">Sets what was left out and depends on the name of the sessions or on other options; null: nothing.</param>
    /// <param name="create">Makes the store, with the options of this name.</param>
    public static SessionUpBuilder UseStore<TOptions>(
        this SessionUpBuilder builder,
        Action<TOptions, IServiceProvider>? configure,
        Action<TOptions, SessionStoreContext>? setDefaults,
        Func<TOptions, SessionStoreContext, ISessionStore> create
    )
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        var name = builder.Name;
        return builder.Replace(
            ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(services => new ConfigureNamedOptions<TOptions>(
                name,
                options => configure?.Invoke(options, services)
            )),
            ServiceDescriptor.Singleton<IPostConfigureOptions<TOptions>>(services => new PostConfigureOptions<TOptions>(
                name,
                options => setDefaults?.Invoke(options, new SessionStoreContext(name, services))
            )),
            new ServiceDescriptor(
                typeof(ISessionStore),
                name,
                (services, _) =>
                    create(services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name), new SessionStoreContext(name, services)),
                ServiceLifetime.Singleton
            )
        );
    }
}
