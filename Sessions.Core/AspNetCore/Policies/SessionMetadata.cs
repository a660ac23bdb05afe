using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.SignalR;

namespace Sessions.AspNetCore;

/// <summary>What the metadata of an endpoint says of the sessions of one name.</summary>
internal interface ISessionMetadata
{
    /// <summary>The name; empty for the default.</summary>
    string Name { get; }

    /// <summary>Whether requests without a session are refused.</summary>
    bool IsRequired { get; }

    /// <summary>Whether a request keeps the session alive.</summary>
    bool Slide { get; }

    /// <summary>Whether the session is read from the store, whatever the cache holds.</summary>
    bool BypassCache { get; }

    /// <summary>How long ago the user may have authenticated; null: any time.</summary>
    TimeSpan? MaxAge { get; }
}

/// <summary>Metadata that was added by a convention; an attribute on the endpoint itself beats it.</summary>
internal sealed class SessionConventionMetadata : ISessionMetadata
{
    public required string Name { get; init; }

    public required bool IsRequired { get; init; }

    public required bool Slide { get; init; }

    public required bool BypassCache { get; init; }

    public TimeSpan? MaxAge { get; init; }
}

/// <summary>
/// Which metadata counts, where there are several of one name: an attribute beats a convention, the nearer beats the farther.
/// </summary>
internal static class SessionMetadataResolver
{
    /// <summary>One for each name.</summary>
    public static IEnumerable<ISessionMetadata> Resolve(IReadOnlyList<object> metadata)
    {
        // Later metadata is nearer: groups come before routes, and classes before methods.
        var attributes = metadata.OfType<SessionPolicyAttribute>().Reverse();
        var conventions = metadata.OfType<SessionConventionMetadata>().Reverse();
        return GetDeclaredAttributes(metadata)
            .Concat(attributes)
            .Concat<ISessionMetadata>(conventions)
            .DistinctBy(static item => item.Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// The attributes of a class as they are written. In metadata those of a base class come last, as if they were nearer: reflection
    /// returns those of the derived class first.
    /// </summary>
    private static IEnumerable<SessionPolicyAttribute> GetDeclaredAttributes(IReadOnlyList<object> metadata)
    {
        MemberInfo?[] nearestFirst = metadata.LastOrDefault(static item =>
            item is ControllerActionDescriptor or CompiledPageActionDescriptor or HubMetadata
        ) switch
        {
            ControllerActionDescriptor action => [action.MethodInfo, action.ControllerTypeInfo],
            CompiledPageActionDescriptor page => [page.HandlerTypeInfo, page.PageTypeInfo],
            HubMetadata hub => [hub.HubType],
            _ => [],
        };
        return nearestFirst.SelectMany(static member => member?.GetCustomAttributes<SessionPolicyAttribute>(inherit: true) ?? []);
    }
}
