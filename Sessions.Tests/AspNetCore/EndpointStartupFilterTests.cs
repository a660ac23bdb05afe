using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class EndpointStartupFilterTests
{
    [RequireSession]
    private sealed class GuardedHub : Hub;

    private sealed class HalfGuardedHub : Hub
    {
        [RequireSession]
        public string Ping() => Context.ConnectionId;
    }

    [Test]
    public void An_attribute_that_nothing_enforces_stops_the_host_and_names_the_endpoint()
    {
        Assert.That(
            () => SessionApp.StartAsync(app => app.MapGet("/open-by-mistake", [RequireSession] () => "in")),
            Throws
                .TypeOf<SessionConfigurationException>()
                .With.Message.Contains("/open-by-mistake")
                .And.Message.Contains("nothing enforces it")
        );
    }

    [Test]
    public void The_optional_middleware_alone_does_not_enforce_an_attribute()
    {
        Assert.That(
            () =>
                SessionApp.StartAsync(app =>
                {
                    app.UseSessionUp();
                    app.MapGet("/", [RequireSession] () => "in");
                }),
            Throws.TypeOf<SessionConfigurationException>()
        );
    }

    [Test]
    public void An_attribute_on_a_hub_that_nothing_enforces_stops_the_host()
    {
        Assert.That(
            () => SessionApp.StartAsync(app => app.MapHub<GuardedHub>("/hub"), services: services => services.AddSignalR()),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("/hub")
        );
    }

    [Test]
    public void An_attribute_on_a_hub_method_stops_the_host()
    {
        Assert.That(
            () =>
                SessionApp.StartAsync(
                    app => app.MapHub<HalfGuardedHub>("/hub").RequireSession(),
                    services: services => services.AddSignalR()
                ),
            Throws
                .TypeOf<SessionConfigurationException>()
                .With.Message.Contains("HalfGuardedHub.Ping")
                .And.Message.Contains("Put it on the hub class")
        );
    }

    [Test]
    public void An_attribute_on_a_page_handler_stops_the_host()
    {
        Assert.That(
            () => SessionApp.StartAsync(app => app.MapRazorPages(), services: services => services.AddPages(typeof(HandlerPage))),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("OnGet").And.Message.Contains("Put it on the page model")
        );
    }

    [Test]
    public void A_filter_on_a_route_that_leads_to_another_endpoint_stops_the_host()
    {
        Assert.That(
            () =>
                SessionApp.StartAsync(
                    app => app.MapFallbackToPage("/Devices").RequireSession(),
                    services: services => services.AddPages(typeof(DevicesPage))
                ),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("is replaced by another one")
        );
    }

    [Test]
    public void An_endpoint_of_a_branch_is_checked_too()
    {
        Assert.That(
            () =>
                SessionApp.StartAsync(app =>
                    app.Map(
                        "/branch",
                        branch => branch.UseRouting().UseEndpoints(endpoints => endpoints.MapGet("/inner", [PublicSession] () => "in"))
                    )
                ),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("/inner")
        );
    }

    [Test]
    public async Task An_attribute_with_a_convention_beside_it_is_enforced()
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapGroup("/").PublicSession().MapGet("x", [RequireSession] () => "in")
        );

        using var response = await app.SendAsync("GET", "/x");

        Assert.That((int)response.StatusCode, Is.EqualTo(401));
    }
}
