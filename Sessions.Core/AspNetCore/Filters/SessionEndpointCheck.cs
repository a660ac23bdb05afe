using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>Before the host listens: what asks for a session is guarded, or the host does not start.</summary>
internal sealed class SessionEndpointCheck(IServiceProvider services, SessionUpNames names) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            next(app);
            CheckCookies();
            foreach (var endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? [])
            {
                Check(endpoint);
            }
        };

    private void CheckCookies()
    {
        var shared = names
            .GroupBy(name => SessionHttp.Of(services, name).Cookie.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(static group => group.Count() > 1);
        if (shared is not null)
        {
            throw new SessionConfigurationException(
                $"The cookie \"{shared.Key}\" belongs to several names: {string.Join(", ", shared.Select(static name => $"\"{name}\""))}. "
                    + "Give each its own with ConfigureHttp(h => h.Cookie.Name = ...)."
            );
        }
    }

    private void Check(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ISessionFilter>() is not null)
        {
            CheckGuard(endpoint);

            // Fails for names that were never added.
            SessionFilters.Of(endpoint, services);
        }

        if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
        {
            CheckMethods(endpoint, "hub method", "the hub class", hub.HubType.GetMethods());
        }

        if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page && services.GetService<PageLoader>() is { } loader)
        {
            // What belongs to a page is known only when it is loaded; hosts start without anything that could be waited for in vain.
            var loaded = loader.LoadAsync(page, endpoint.Metadata).GetAwaiter().GetResult();
            CheckMethods(endpoint, "page handler", "the page model", loaded.HandlerMethods.Select(static handler => handler.MethodInfo));
        }
    }

    private static void CheckGuard(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<IDynamicEndpointMetadata>()?.IsDynamic == true)
        {
            throw new SessionConfigurationException(
                $"The endpoint \"{endpoint.DisplayName}\" is replaced by another one when it is matched, which would leave its session filter behind. "
                    + "Put [RequireSession] or [PublicSession] on the controllers or page models that it leads to."
            );
        }

        if (endpoint.Metadata.GetMetadata<SessionGate>() is null && endpoint.Metadata.GetMetadata<ActionDescriptor>() is null)
        {
            throw new SessionConfigurationException(
                $"The endpoint \"{endpoint.DisplayName}\" has [RequireSession] or [PublicSession], but nothing enforces it. "
                    + "Add .RequireSession() or .PublicSession() to where it is mapped, or to its group; the attribute then decides."
            );
        }
    }

    private static void CheckMethods(Endpoint endpoint, string kind, string place, IEnumerable<MethodInfo> methods)
    {
        var attributed = methods.FirstOrDefault(static method => method.IsDefined(typeof(SessionFilterAttribute), inherit: true));
        if (attributed is not null)
        {
            throw new SessionConfigurationException(
                $"The {kind} {attributed.DeclaringType?.Name}.{attributed.Name} of the endpoint \"{endpoint.DisplayName}\" has [RequireSession] or [PublicSession], "
                    + $"which nothing enforces there. Put it on {place}."
            );
        }
    }
}
