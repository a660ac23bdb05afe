using System.Net;
using Microsoft.AspNetCore.Builder;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class PrecedenceTests
{
    private static readonly string[] Paths =
    [
        "/group",
        "/group/public",
        "/group/attribute",
        "/open",
        "/open/required",
        "/open/attribute",
        "/outer/inner",
        "/twice",
    ];

    [Test]
    public async Task An_attribute_beats_a_convention_and_the_nearer_beats_the_farther()
    {
        await using var app = await SessionApp.StartAsync(app =>
        {
            var group = app.MapGroup("/group").RequireSession();
            group.MapGet("", () => "in");
            group.MapGet("/public", () => "in").PublicSession();
            group.MapGet("/attribute", [PublicSession] () => "in").RequireSession();
            var open = app.MapGroup("/open").PublicSession();
            open.MapGet("", () => "in");
            open.MapGet("/required", () => "in").RequireSession();
            open.MapGet("/attribute", [RequireSession] () => "in").PublicSession();
            app.MapGroup("/outer").RequireSession().MapGroup("/inner").PublicSession().MapGet("", () => "in");
            app.MapGet("/twice", () => "in").PublicSession().RequireSession();
        });

        var letIn = new List<string>();
        foreach (var path in Paths)
        {
            using var response = await app.SendAsync("GET", path);
            Assert.That(response.StatusCode, Is.AnyOf(HttpStatusCode.OK, HttpStatusCode.Unauthorized));
            if (response.StatusCode == HttpStatusCode.OK)
            {
                letIn.Add(path);
            }
        }

        Assert.That(string.Join(' ', letIn), Is.EqualTo("/group/public /group/attribute /open /outer/inner"));
    }
}
