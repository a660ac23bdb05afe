using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Sessions.Tests.AspNetCore;

public sealed partial class ValueTests
{
    private static readonly Basket Tea = new("tea", 2);

    [TestCase("/set", "/take")]
    [TestCase("/set-typed", "/take-typed")]
    [TestCase("/set", "/take-typed")]
    public async Task A_value_is_an_object_that_is_read_once(string set, string take)
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync(set, ann.Token), Is.EqualTo("true"));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Values["cart"], Is.EqualTo("""{"item":"tea","count":2}"""));
        Assert.That(await app.GetAsync(take, ann.Token), Is.EqualTo("Basket { Item = tea, Count = 2 }"));
        Assert.That(await app.GetAsync(take, ann.Token), Is.EqualTo("nothing"));
    }

    [Test]
    public async Task What_a_request_has_set_it_sees()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/set-and-look", ann.Token), Is.EqualTo("Basket { Item = tea, Count = 2 }"));
    }

    [Test]
    public async Task Of_two_requests_that_take_one_value_one_gets_it()
    {
        var meeting = new AsyncBarrier(2);
        await using var app = await StartAsync(meeting);
        var ann = await app.SignInAsync(init: new SessionInit { Values = SessionValues.Empty.Set("cart", Tea) });

        var taken = await Task.WhenAll(app.GetAsync("/meet-and-take", ann.Token), app.GetAsync("/meet-and-take", ann.Token));

        Assert.That(taken, Is.EquivalentTo(["nothing", "Basket { Item = tea, Count = 2 }"]));
    }

    [Test]
    public async Task Taking_what_is_not_there_costs_no_call()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        await app.GetAsync("/take", ann.Token);

        Assert.That(app.StoreCalls, Is.EqualTo(1), "the look at the session");
    }

    [Test]
    public async Task A_value_that_is_too_large_is_not_stored_and_throws()
    {
        await using var app = await StartAsync();
        var ann = await app.SignInAsync();

        Assert.That(await app.GetAsync("/set-large", ann.Token), Is.EqualTo("false"));
        Assert.That((await app.Administration.FetchAllAsync("ann")).Single().Values, Is.Empty);
    }

    internal sealed record Basket(string Item, int Count);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
    [JsonSerializable(typeof(Basket))]
    internal sealed partial class BasketJson : JsonSerializerContext;

    private static Task<SessionApp> StartAsync(AsyncBarrier? meeting = null) =>
        SessionApp.StartAsync(
            app =>
            {
                var required = app.MapGroup("").RequireSession();
                required.MapGet("/set", (HttpContext http) => http.SetSessionValueAsync("cart", Tea));
                required.MapGet("/set-typed", (HttpContext http) => http.SetSessionValueAsync("cart", Tea, BasketJson.Default.Basket));
                required.MapGet("/set-large", (HttpContext http) => http.SetSessionValueAsync("cart", new string('x', 2000)));
                required.MapGet("/take", async Task<string> (HttpContext http) => Print(await http.TakeSessionValueAsync<Basket>("cart")));
                required.MapGet(
                    "/take-typed",
                    async Task<string> (HttpContext http) => Print(await http.TakeSessionValueAsync("cart", BasketJson.Default.Basket))
                );
                required.MapGet(
                    "/set-and-look",
                    async (HttpContext http) =>
                    {
                        await http.SetSessionValueAsync("cart", Tea);
                        return Print(http.GetSession()!.Values.Get<Basket>("cart"));
                    }
                );
                required.MapGet(
                    "/meet-and-take",
                    async (HttpContext http) =>
                    {
                        await meeting!.SignalAndWaitAsync();
                        return Print(await http.TakeSessionValueAsync<Basket>("cart"));
                    }
                );
            },
            options: o => o.MaxValuesBytes = 1000
        );

    [TestCase(4000, true)]
    [TestCase(4096, false)]
    public async Task A_visitors_values_have_a_limit_of_their_own(int length, bool fits)
    {
        await using var app = await SessionApp.StartAsync(app =>
            app.MapPost("/set", (HttpContext http, int length) => http.SetSessionValueAsync("cart", new string('x', length)))
                .PublicSession()
        );
        var (visitor, ann) = (await app.Manager.StartVisitorAsync(), await app.SignInAsync());

        using var ofVisitor = await app.SendAsync("POST", $"/set?length={length}", visitor.Token);
        using var ofUser = await app.SendAsync("POST", $"/set?length={length}", ann.Token);

        Assert.That(await ofVisitor.TextAsync(), Is.EqualTo(fits ? "true" : "false"));
        Assert.That(await ofUser.TextAsync(), Is.EqualTo("true"));
        var large = new SessionInit { Values = SessionValues.Empty.Set("cart", new string('x', length)) };
        Assert.That(async () => await app.Manager.StartVisitorAsync(large), fits ? Throws.Nothing : Throws.ArgumentException);
    }

    private static string Print(Basket? cart) => cart?.ToString() ?? "nothing";
}
