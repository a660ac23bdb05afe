using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class MapSessionsMetadataTests
{
    private static readonly int[] Refusals = [401, 403, 503];

    [Test]
    public async Task The_endpoints_are_documented_for_OpenAPI()
    {
        await using var app = await SessionApp.StartAsync(app => app.MapSessions("/sessions"));

        var endpoints = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>() is not null)
            .ToList();

        Assert.That(endpoints, Has.Count.EqualTo(6));
        Assert.Multiple(() =>
        {
            foreach (var endpoint in endpoints)
            {
                var statuses = endpoint
                    .Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
                    .Select(produces => produces.StatusCode)
                    .ToList();
                Assert.That(endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary, Is.Not.Empty);
                Assert.That(statuses, Is.SupersetOf(Refusals));
                Assert.That(statuses, Does.Contain(200).Or.Contain(204));
            }
        });
    }

    [Test]
    public async Task The_group_takes_further_conventions()
    {
        await using var app = await SessionApp.StartAsync(app => app.MapSessions("/sessions").WithMetadata("marked"));

        var marked = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<string>() == "marked");

        Assert.That(marked.Count(), Is.EqualTo(6));
    }
}
