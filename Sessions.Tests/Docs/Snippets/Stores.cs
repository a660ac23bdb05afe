using Microsoft.Extensions.DependencyInjection;
// The store of whoever reads the page.
using MyStore = Sessions.Memory.MemorySessionStore;

namespace Sessions.Tests.Docs.Snippets;

internal static class Stores
{
    public static void Use(IServiceCollection services)
    {
        // snippet
        services.AddSessionUp().UseStore(provider => new MyStore(provider.GetRequiredService<TimeProvider>()));
        // end
    }
}
