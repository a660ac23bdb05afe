using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Razor.Compilation;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.Tests.AspNetCore;

/// <summary>Razor Pages as the Razor compiler would make them.</summary>
internal static class RazorPageServiceCollectionExtensions
{
    public static void AddPages(this IServiceCollection services, params Type[] pages) =>
        services.AddRazorPages().ConfigureApplicationPartManager(manager => manager.FeatureProviders.Add(new CompiledPages(pages)));

    private sealed class CompiledPages(Type[] pages) : IApplicationFeatureProvider<ViewsFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ViewsFeature feature)
        {
            foreach (var page in pages)
            {
                feature.ViewDescriptors.Add(new CompiledViewDescriptor(new PageItem(page)));
            }
        }
    }

    private sealed class PageItem(Type page) : RazorCompiledItem
    {
        public override string Identifier => $"/Pages/{page.Name.Replace("Page", "", StringComparison.Ordinal)}.cshtml";

        public override string Kind => "mvc.1.0.razor-page";

        public override IReadOnlyList<object> Metadata => [];

        public override Type Type => page;
    }
}
