using System.Reflection;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.SignalR;

namespace Sessions.AspNetCore;

/// <summary>Which filter counts, where metadata holds several of one name: an attribute beats a convention, the nearer beats the farther.</summary>
internal static class SessionFilterPrecedence
{
    /// <summary>One filter for each name.</summary>
    public static IEnumerable<ISessionFilter> Of(IReadOnlyList<object> metadata)
    {
        // Later metadata is nearer: groups come before routes, and classes before methods.
        var attributes = metadata.OfType<SessionFilterAttribute>().Reverse();
        var conventions = metadata.OfType<SessionConvention>().Reverse();
        return Declared(metadata)
            .Concat(attributes)
            .Concat<ISessionFilter>(conventions)
            .DistinctBy(static filter => filter.Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// The attributes of a class as they are written. In metadata those of a base class come last, as if they were nearer: reflection tells the derived class first.
    /// </summary>
    private static IEnumerable<SessionFilterAttribute> Declared(IReadOnlyList<object> metadata)
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
        return nearestFirst.SelectMany(static member => member?.GetCustomAttributes<SessionFilterAttribute>(inherit: true) ?? []);
    }
}
