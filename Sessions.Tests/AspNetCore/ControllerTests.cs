using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed class ControllerTests
{
    [RequireSession]
    [ApiController]
    [Route("guarded")]
    private class GuardedController : ControllerBase
    {
        [HttpGet]
        public string? Get() => HttpContext.GetSession()?.UserKey ?? "stranger";

        [HttpPost]
        public OkObjectResult Post([FromBody] int number) => Ok(number);

        [HttpGet("open"), PublicSession]
        public string? Open() => Get();
    }

    /// <summary>Reflection tells its own attribute before the inherited one.</summary>
    [PublicSession]
    [Route("reopened")]
    private sealed class OverriddenController : GuardedController;

    [PublicSession]
    [ApiController]
    private abstract class PublicController : ControllerBase;

    [RequireSession]
    [Route("closed")]
    private sealed class ClosedController : PublicController
    {
        [HttpGet]
        public OkObjectResult Get() => Ok("in");
    }

    [Route("plain")]
    private sealed class PlainController : ControllerBase
    {
        [HttpGet]
        public OkObjectResult Get() => Ok("in");
    }

    [Route("cached")]
    private sealed class CachedController : ControllerBase
    {
        [HttpGet, PublicSession, OutputCache(Duration = 60)]
        public string Get() => HttpContext.GetSession()?.UserKey ?? "stranger";
    }

    [TestCase("/guarded", 401)]
    [TestCase("/guarded/open", 200)]
    [TestCase("/reopened", 200)]
    [TestCase("/closed", 401)]
    [TestCase("/plain", 200)]
    public async Task Attributes_are_enforced_without_a_convention_the_nearer_first(string path, int status)
    {
        await using var app = await StartAsync(app => app.MapControllers());

        using var response = await app.SendAsync("GET", path);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase("/guarded", 401)]
    [TestCase("/guarded/open", 200)]
    [TestCase("/reopened", 200)]
    [TestCase("/closed", 401)]
    [TestCase("/plain", 401)]
    public async Task Attributes_beat_a_convention_on_all_controllers(string path, int status)
    {
        await using var app = await StartAsync(app => app.MapControllers().RequireSession());

        using var response = await app.SendAsync("GET", path);

        Assert.That((int)response.StatusCode, Is.EqualTo(status));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_malformed_body_without_a_session_gets_401_and_not_400(bool convention)
    {
        await using var app = await StartAsync(app => Map(app, convention));

        using var response = await app.Client.PostAsync("/guarded", new StringContent("{bad", null, "application/json"));

        Assert.That(
            await response.ProblemAsync(),
            Is.EqualTo(HttpResponseMessageExtensions.Problem(System.Net.HttpStatusCode.Unauthorized))
        );
    }

    [Test]
    public async Task A_session_is_admitted_with_one_store_call()
    {
        await using var app = await StartAsync(app => app.MapControllers().RequireSession());
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/guarded", ann.Token), Is.EqualTo("ann"));
        Assert.That(app.StoreCalls, Is.EqualTo(1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_cached_action_never_serves_one_users_answer_to_another(bool convention)
    {
        await using var app = await StartAsync(app =>
        {
            app.UseOutputCache();
            Map(app, convention);
        });
        var (ann, bob) = (await app.SignInAsync(), await app.SignInAsync("bob"));

        var answers = new[]
        {
            await app.GetAsync("/cached", ann.Token),
            await app.GetAsync("/cached"),
            await app.GetAsync("/cached", bob.Token),
        };

        Assert.That(string.Join(' ', answers), Is.EqualTo("ann stranger bob"));
    }

    private static void Map(WebApplication app, bool convention)
    {
        var controllers = app.MapControllers();
        if (convention)
        {
            controllers.RequireSession();
        }
    }

    private static Task<SessionApp> StartAsync(Action<WebApplication> map) =>
        SessionApp.StartAsync(
            map,
            services: services =>
            {
                services.AddOutputCache();
                services.AddControllers().ConfigureApplicationPartManager(manager => manager.FeatureProviders.Add(new NestedControllers()));
            }
        );

    private sealed class NestedControllers : IApplicationFeatureProvider<ControllerFeature>
    {
        public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
        {
            foreach (
                var type in typeof(ControllerTests)
                    .GetNestedTypes(BindingFlags.NonPublic)
                    .Where(type => typeof(ControllerBase).IsAssignableFrom(type) && !type.IsAbstract)
            )
            {
                feature.Controllers.Add(type.GetTypeInfo());
            }
        }
    }
}
