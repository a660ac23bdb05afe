using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sessions.AspNetCore;

/// <summary>
/// Gives the guard of each response the last word. Callbacks run last to first: what is registered before the whole pipeline runs after
/// all of it, also after a middleware that holds on to the headers it found at the beginning.
/// </summary>
internal sealed class ResponseGuardStartupFilter : IStartupFilter
{
    /// <summary>Adds it once, before the filters that other services have added: the first is outermost.</summary>
    public static void Add(IServiceCollection services)
    {
        if (!services.Any(static service => service.ImplementationType == typeof(ResponseGuardStartupFilter)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, ResponseGuardStartupFilter>());
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(static pipeline => context => InvokeAsync(context, pipeline));
            next(app);
        };

    private static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(
            static context =>
            {
                ResponseGuard.Complete((HttpContext)context);
                return Task.CompletedTask;
            },
            context
        );
        return next(context);
    }
}
