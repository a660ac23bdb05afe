using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

/// <summary>An attribute on a controller is enforced, or the host does not start.</summary>
public sealed class MvcEnforcementTests
{
    [RequireSession]
    [Route("guarded")]
    private sealed class GuardedController : ControllerBase
    {
        [HttpGet]
        public OkObjectResult Get() => Ok("in");
    }

    [Test]
    public async Task An_attribute_is_enforced_although_the_application_clears_the_filters()
    {
        await using var app = await StartAsync(app => app.MapControllers(), o => o.Filters.Clear());

        using var response = await app.SendAsync("GET", "/guarded");

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public void An_attribute_whose_filter_is_taken_away_in_the_end_stops_the_host() =>
        Assert.That(
            () => StartAsync(app => app.MapControllers(), isPostConfigured: true, configure: o => o.Filters.Clear()),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("GuardedController").And.Message.Contains("was taken away")
        );

    [Test]
    public async Task A_filter_on_all_controllers_enforces_it_without_the_filter_of_MVC()
    {
        await using var app = await StartAsync(
            app => app.MapControllers().RequireSession(),
            isPostConfigured: true,
            configure: o => o.Filters.Clear()
        );

        using var response = await app.SendAsync("GET", "/guarded");

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
    }

    [Test]
    public async Task An_attribute_is_enforced_without_endpoint_routing()
    {
        await using var app = await StartAsync(app => app.UseMvc(), o => o.EnableEndpointRouting = false);
        var ann = await app.SignInAsync();

        using var stranger = await app.SendAsync("GET", "/guarded");
        using var known = await app.SendAsync("GET", "/guarded", ann.Token);

        Assert.That(((int)stranger.StatusCode, (int)known.StatusCode), Is.EqualTo((401, 200)));
    }

    private static Task<SessionApp> StartAsync(Action<WebApplication> map, Action<MvcOptions> configure, bool isPostConfigured = false) =>
        SessionApp.StartAsync(
            map,
            services: services =>
            {
                services
                    .AddControllers(o =>
                    {
                        if (!isPostConfigured)
                        {
                            configure(o);
                        }
                    })
                    .ConfigureApplicationPartManager(static manager => manager.FeatureProviders.Add(new OneController()));
                if (isPostConfigured)
                {
                    services.PostConfigure(configure);
                }
            }
        );

    private sealed class OneController : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature) =>
            feature.Controllers.Add(typeof(GuardedController).GetTypeInfo());
    }
}
