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

    /// <summary>Sets the store, as a singleton that the container disposes. The last store set under a name wins.</summary>
    public SessionUpBuilder UseStore(Func<IServiceProvider, ISessionStore> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.RemoveAllKeyed<ISessionStore>(Name);
        Services.AddKeyedSingleton(Name, (services, _) => create(services));
        return this;
    }
}
