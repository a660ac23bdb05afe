using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.SignalR;

namespace Sessions.AspNetCore;

/// <summary>Which filter counts, where metadata holds several of one name: an attribute beats a convention, the nearer beats the farther.</summary>
internal static class SessionMetadataResolver
{
    /// <summary>One filter for each name.</summary>
    public static IEnumerable<ISessionMetadata> Resolve(IReadOnlyList<object> metadata)
    {
        // Later metadata is nearer: groups come before routes, and classes before methods.
        var attributes = metadata.OfType<SessionPolicyAttribute>().Reverse();
        var conventions = metadata.OfType<SessionConventionMetadata>().Reverse();
        return GetDeclaredAttributes(metadata)
            .Concat(attributes)
            .Concat<ISessionMetadata>(conventions)
            .DistinctBy(static filter => filter.Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// The attributes of a class as they are written. In metadata those of a base class come last, as if they were nearer: reflection tells the derived class first.
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
