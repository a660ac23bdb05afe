using Sessions;
using Sessions.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Filters for endpoints, groups, controllers, Razor Pages and hubs.</summary>
public static class EndpointConventionBuilderSessionExtensions
{
    /// <summary>
    /// A session is required: without one the request is refused before anything of it is bound, with 401, or the way to the login page.
    /// What is let in is never cached on the way.
    /// </summary>
    /// <param name="builder">The endpoints.</param>
    /// <param name="name">The name of the sessions; empty for the default. Names do not interfere: an endpoint may have a filter for
    /// each.</param>
    /// <param name="slide">Whether a request keeps the session alive; false for endpoints that a page polls by itself.</param>
    /// <param name="maxAge">
    /// How long ago the user may have authenticated; the answer is 401 with the reason <c>reauthenticate</c> when it is longer. Null: any
    /// time.
    /// </param>
    /// <param name="bypassCache">Whether the store is read even where a cache (<c>UseCache</c>) has the session: for what must not happen
    /// after a sign-out.</param>
    public static TBuilder RequireSession<TBuilder>(
        this TBuilder builder,
        string name = "",
        bool slide = true,
        TimeSpan? maxAge = null,
        bool bypassCache = false
    )
        where TBuilder : IEndpointConventionBuilder =>
        Add(
            builder,
            new SessionConventionMetadata
            {
                Name = name,
                IsRequired = true,
                Slide = slide,
                MaxAge = maxAge,
                BypassCache = bypassCache,
            }
        );

    /// <summary>A session is optional: <c>GetSession()</c> returns it, or null where the request has none.</summary>
    /// <param name="builder">The endpoints.</param>
    /// <param name="name">The name of the sessions; empty for the default. Names do not interfere: an endpoint may have a filter for
    /// each.</param>
    /// <param name="slide">Whether a request keeps the session alive; false for endpoints that a page polls by itself.</param>
    /// <param name="bypassCache">Whether the store is read even where a cache has the session.</param>
    public static TBuilder PublicSession<TBuilder>(this TBuilder builder, string name = "", bool slide = true, bool bypassCache = false)
        where TBuilder : IEndpointConventionBuilder =>
        Add(
            builder,
            new SessionConventionMetadata
            {
                Name = name,
                IsRequired = false,
                Slide = slide,
                BypassCache = bypassCache,
            }
        );

    /// <inheritdoc cref="AllowCrossOriginSessionAttribute"/>
    public static TBuilder AllowCrossOriginSession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AllowCrossOriginSessionAttribute());

    private static TBuilder Add<TBuilder>(TBuilder builder, SessionConventionMetadata convention)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(convention));
        builder.Finally(SessionGate.AddGate);
        return builder;
    }
}
