using System.Text.Json.Serialization;

namespace Sessions.Demo.Pages;

/// <summary>A cart that the browser keeps itself, for strangers too: no store knows of it, and it outlives this server.</summary>
internal static class CartPage
{
    private const string Path = "/cart";
    private const int MaxPerItem = 99;

    private static readonly string[] Products = ["Apples", "Bread", "Coffee", "Dates", "Elderberry jam"];

    public static void Map(IEndpointRouteBuilder app)
    {
        var cart = app.MapGroup(Path).PublicSession();
        cart.MapGet("", Show);
        var changes = cart.MapGroup("").AddEndpointFilter(RequireSameOriginAsync);
        changes.MapPost("/{item:int}", static (HttpContext http, int item) => Change(http, item, +1));
        changes.MapPost("/{item:int}/less", static (HttpContext http, int item) => Change(http, item, -1));
        changes.MapPost("/empty", Empty);
    }

    private static IResult Change(HttpContext http, int item, int by)
    {
        if (item < 0 || item >= Products.Length)
        {
            return Results.NotFound();
        }

        var session = http.GetCookieSession<Cart>();
        var counts = new SortedDictionary<int, int>(session.Get()?.Counts ?? []);
        counts[item] = Math.Clamp(counts.GetValueOrDefault(item) + by, 0, MaxPerItem);
        session.Set(new Cart(counts));
        return Results.LocalRedirect(Path);
    }

    private static IResult Empty(HttpContext http)
    {
        http.GetCookieSession<Cart>().Clear();
        return Results.LocalRedirect(Path);
    }

    /// <summary>The cart has a cookie of its own and no filter that guards it: no foreign page shall fill it for a stranger.</summary>
    private static async ValueTask<object?> RequireSameOriginAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            ? Results.StatusCode(StatusCodes.Status403Forbidden)
            : await next(context);

    private static IResult Show(HttpContext http)
    {
        var session = http.GetCookieSession<Cart>();
        var counts = session.Get()?.Counts ?? [];
        Html page = $"""
            <h1>Your cart</h1>
            <p class="muted">{FormatCount(
                counts.Values.Sum()
            )}. The browser keeps what is in it, in a cookie that it can neither read nor change: any server with the same key
            knows your cart, and none remembers it.</p>
            <ul class="devices">
              {Products.Select((name, item) => Line(name, item, counts.GetValueOrDefault(item)))}
            </ul>
            {RenderExpiry(session.ExpiresAt)}
            """;
        return Layout.Page("Cart", http.GetSession(), page);
    }

    private static string FormatCount(int count) => $"{count} thing{(count == 1 ? "" : "s")}";

    private static Html Line(string name, int item, int count)
    {
        return $"""
            <li class="card">
              <h2>{name} {Badge(count)}</h2>
              <div class="actions">
                {DecrementButton(item, count)}
                <form method="post" action="{Path}/{item}"><button class="button" id="add-{item}">Add</button></form>
              </div>
            </li>
            """;
    }

    private static Html Badge(int count)
    {
        if (count == 0)
        {
            return Html.Empty;
        }

        return $"""<span class="mark">{count}</span>""";
    }

    private static Html DecrementButton(int item, int count)
    {
        if (count == 0)
        {
            return Html.Empty;
        }

        return $"""<form method="post" action="{Path}/{item}/less"><button class="button quiet">Remove</button></form>""";
    }

    private static Html RenderExpiry(DateTimeOffset? until)
    {
        if (until is not { } at)
        {
            return Html.Empty;
        }

        return $"""
            <p class="muted">Kept until {TimeText.Absolute(at)}, or until you empty it.</p>
            <form method="post" action="{Path}/empty"><button class="button danger">Empty the cart</button></form>
            """;
    }
}

/// <summary>How many of which of the goods.</summary>
internal sealed record Cart(SortedDictionary<int, int> Counts);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Cart))]
internal sealed partial class CartJson : JsonSerializerContext;
