using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Testing;
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

[Explicit("A page shows it; the store runs under its own name.")]
// snippet
public sealed class MyStoreConformance : SessionStoreConformance<MyStore>
{
    protected override ValueTask<MyStore> CreateStoreAsync(TimeProvider time) => new(new MyStore(time));
}
// end
