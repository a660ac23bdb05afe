using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Sessions;

/// <summary>Sets up the sessions of one name. Store packages extend it with their <c>UseX</c>.</summary>
public sealed class SessionUpBuilder
{
    internal SessionUpBuilder(string name, IServiceCollection services)
    {
        (Name, Services) = (name, services);
    }

    /// <summary>The name: of the options, and the key of the store and the manager. Empty for the default.</summary>
    public string Name { get; }

    /// <summary>The services of the application.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Sets the store, as a singleton that the container disposes. The last store set under a name wins, and nothing of an earlier one stays.</summary>
    public SessionUpBuilder UseStore(Func<IServiceProvider, ISessionStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Replace(new ServiceDescriptor(typeof(ISessionStore), Name, (services, _) => create(services), ServiceLifetime.Singleton));
    }

    /// <summary>
    /// For authors of stores: sets a store with named options. The options are configured first as the caller of <c>UseX</c> says, then in whatever other ways the application configures them,
    /// then by the defaults. The store is made when the host starts, and its constructor checks them.
    /// </summary>
    /// <typeparam name="TOptions">The options of the store.</typeparam>
    /// <param name="configure">What the caller says; null: nothing.</param>
    /// <param name="setDefaults">Sets what was left out and depends on the name of the sessions or on other options; null: nothing.</param>
    /// <param name="create">Makes the store, with the options of this name.</param>
    public SessionUpBuilder UseStore<TOptions>(
        Action<TOptions, IServiceProvider>? configure,
        Action<TOptions, SessionStoreContext>? setDefaults,
        Func<TOptions, SessionStoreContext, ISessionStore> create
    )
        where TOptions : class
    {
        ArgumentNullException.ThrowIfNull(create);
        return Replace(
            ServiceDescriptor.Singleton<IConfigureOptions<TOptions>>(services => new ConfigureNamedOptions<TOptions>(
                Name,
                options => configure?.Invoke(options, services)
            )),
            ServiceDescriptor.Singleton<IPostConfigureOptions<TOptions>>(services => new PostConfigureOptions<TOptions>(
                Name,
                options => setDefaults?.Invoke(options, new SessionStoreContext(Name, services))
            )),
            new ServiceDescriptor(
                typeof(ISessionStore),
                Name,
                (services, _) =>
                    create(services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(Name), new SessionStoreContext(Name, services)),
                ServiceLifetime.Singleton
            )
        );
    }

    private SessionUpBuilder Replace(params ServiceDescriptor[] added)
    {
        foreach (var earlier in Services.Where(IsRegistration).ToList())
        {
            Services.Remove(earlier);
            Array.ForEach(((StoreRegistration)earlier.ImplementationInstance!).Services, service => Services.Remove(service));
        }

        // Also one that came without this builder.
        Services.RemoveAllKeyed<ISessionStore>(Name);
        Services.Add(added);
        Services.AddSingleton(new StoreRegistration(Name, added));
        return this;
    }

    private bool IsRegistration(ServiceDescriptor service) =>
        service is { IsKeyedService: false, ImplementationInstance: StoreRegistration registration } && registration.Name == Name;

    /// <summary>What was added for the store of a name, so that the next one can take it away.</summary>
    private sealed record StoreRegistration(string Name, ServiceDescriptor[] Services);
}
