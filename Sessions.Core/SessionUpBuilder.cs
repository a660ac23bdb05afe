using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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

    /// <summary>
    /// Sets the store, as a singleton that the container disposes. The last store set under a name wins, and nothing of an earlier one
    /// stays.
    /// </summary>
    public SessionUpBuilder UseStore(Func<IServiceProvider, ISessionStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return Replace(new ServiceDescriptor(typeof(ISessionStore), Name, (services, _) => create(services), ServiceLifetime.Singleton));
    }

    /// <summary>Takes away what was added for an earlier store of this name, and adds this.</summary>
    internal SessionUpBuilder Replace(params ServiceDescriptor[] added)
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
