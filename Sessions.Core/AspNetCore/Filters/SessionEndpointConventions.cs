using Sessions.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Filters for endpoints, groups, controllers, Razor Pages and hubs.</summary>
public static class SessionEndpointConventions
{
    /// <summary>
    /// A session is required: without one the request is refused before anything of it is bound, with 401, or the way to the login page. What is let in is never
    /// cached on the way.
    /// </summary>
    /// <param name="builder">The endpoints.</param>
    /// <param name="name">The name of the sessions; null for the default. Names do not interfere: an endpoint may have a filter for each.</param>
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder, string? name = null)
        where TBuilder : IEndpointConventionBuilder => Add(builder, new SessionConvention(name ?? string.Empty, Required: true));

    /// <summary>A session is welcome: <c>GetSession()</c> tells who is there, and strangers may come in.</summary>
    /// <inheritdoc cref="RequireSession" path="/param"/>
    public static TBuilder PublicSession<TBuilder>(this TBuilder builder, string? name = null)
        where TBuilder : IEndpointConventionBuilder => Add(builder, new SessionConvention(name ?? string.Empty, Required: false));

    /// <inheritdoc cref="AllowCrossOriginSessionAttribute"/>
    public static TBuilder AllowCrossOriginSession<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AllowCrossOriginSessionAttribute());

    private static TBuilder Add<TBuilder>(TBuilder builder, SessionConvention convention)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(convention));
        builder.Finally(SessionGate.Guard);
        return builder;
    }
}
