using Microsoft.Extensions.DependencyInjection;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Docs.Snippets;

internal static class Stores
{
    public static void Use(IServiceCollection services)
    {
        // snippet
        services.AddSessionUp().UseStore(provider => new MyStore(provider.GetRequiredService<TimeProvider>()));
        // end
    }

    // The store of whoever reads the page.
    private sealed class MyStore(TimeProvider time) : ReferenceStore(time, new ReferenceTable());
}
