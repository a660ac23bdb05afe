using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sessions.Diagnostics;

namespace Sessions.AspNetCore;

/// <summary>Before the host listens: an endpoint that reads a session has a guard, or the host does not start.</summary>
internal sealed class SessionEndpointValidationStartupFilter(IServiceProvider services, SessionUpNames names) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            next(app);
            ValidateCookieNames();
            LogCookieWarnings();
            var endpoints = services.GetService<EndpointDataSource>()?.Endpoints ?? [];
            foreach (var endpoint in endpoints)
            {
                ValidateEndpoint(endpoint);
            }

            // Those that are no endpoints (UseMvc) are found here too.
            var gated = endpoints
                .Where(static endpoint => endpoint.Metadata.GetMetadata<SessionGate>() is not null)
                .Select(static endpoint => endpoint.Metadata.GetMetadata<ActionDescriptor>());
            foreach (
                var action in (services.GetService<IActionDescriptorCollectionProvider>()?.ActionDescriptors.Items ?? []).Except(gated)
            )
            {
                ValidateFilter(action!);
            }
        };

    /// <summary>A cookie for development, in development, is as it should be.</summary>
    private void LogCookieWarnings()
    {
        var isDevelopment = services.GetService<IHostEnvironment>()?.IsDevelopment() == true;
        foreach (var sessions in names.Select(name => NamedSessionServices.Resolve(services, name)))
        {
            var cookie = sessions.Options.Cookie;
            if (!(isDevelopment && cookie.SecurePolicy != CookieSecurePolicy.Always))
            {
                foreach (var warning in CookieRules.GetWarnings(cookie))
                {
                    SessionLog.OptionsWarning(sessions.Log, warning);
                }
            }
        }
    }

    private void ValidateCookieNames()
    {
        var shared = names
            .GroupBy(name => NamedSessionServices.Resolve(services, name).Cookie.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(static group => group.Count() > 1);
        if (shared is not null)
        {
            throw new SessionConfigurationException(
                $"The cookie \"{shared.Key}\" belongs to several names: {string.Join(", ", shared.Select(static name => $"\"{name}\""))}. "
                    + "Give each its own with ConfigureHttp(h => h.Cookie.Name = ...)."
            );
        }
    }

    private void ValidateEndpoint(Endpoint endpoint)
    {
        if (endpoint.Metadata.GetMetadata<ISessionMetadata>() is not null)
        {
            ValidateGate(endpoint);

            // Fails for names that were never added.
            EndpointSessionPolicy.GetOrAdd(endpoint, services);
        }

        if (endpoint.Metadata.GetMetadata<HubMetadata>() is { } hub)
        {
            ValidateMethods(endpoint, "hub method", "the hub class", hub.HubType.GetMethods());
        }

        if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is { } page && services.GetService<PageLoader>() is { } loader)
        {
            // The metadata of a page exists only after the page was loaded. Start-up must not wait for anything that may never complete.
            var loaded = loader.LoadAsync(page, endpoint.Metadata).GetAwaiter().GetResult();
            ValidateMethods(endpoint, "page handler", "the page model", loaded.HandlerMethods.Select(static handler => handler.MethodInfo));
            if (endpoint.Metadata.GetMetadata<SessionGate>() is null)
            {
                ValidateFilter(loaded);
            }
        }
    }

    private static void ValidateGate(Endpoint endpoint)
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

    /// <summary>The filter comes last of all options, but conventions and other options may still take it away.</summary>
    private static void ValidateFilter(ActionDescriptor action)
    {
        if (
            action.EndpointMetadata?.OfType<ISessionMetadata>().Any() == true
            && !action.FilterDescriptors.Any(static descriptor => descriptor.Filter is SessionMvcFilter)
        )
        {
            throw new SessionConfigurationException(
                $"The action \"{action.DisplayName}\" has [RequireSession] or [PublicSession], but the filter that enforces it was taken away. "
                    + "Clear the filters of MVC in AddControllers or AddMvc, not in PostConfigure or a convention; or add .RequireSession() or .PublicSession() to MapControllers."
            );
        }
    }

    private static void ValidateMethods(Endpoint endpoint, string kind, string location, IEnumerable<MethodInfo> methods)
    {
        var attributed = methods.FirstOrDefault(static method => method.IsDefined(typeof(SessionPolicyAttribute), inherit: true));
        if (attributed is not null)
        {
            throw new SessionConfigurationException(
                $"The {kind} {attributed.DeclaringType?.Name}.{attributed.Name} of the endpoint \"{endpoint.DisplayName}\" has [RequireSession] or [PublicSession], "
                    + $"which nothing enforces there. Put it on {location}."
            );
        }
    }
}
