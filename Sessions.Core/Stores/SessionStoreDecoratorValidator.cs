using System.Reflection;

namespace Sessions.Stores;

/// <summary>
/// Finds stores in front of stores that hide what the one behind them has: they inherit a member's body from the contract, which says that
/// there is none, where they should pass the call on. The compiler has no word against it.
/// </summary>
internal static class SessionStoreDecoratorValidator
{
    // The members that have a body in the contract.
    private static readonly MethodInfo[] s_optionalMembers =
    [
        .. typeof(ISessionStore).GetMethods().Where(static member => !member.IsAbstract),
    ];

    /// <summary>Looks through all stores, from the outermost to the innermost, as far as they keep each other in fields.</summary>
    /// <exception cref="SessionConfigurationException">One of them hides what another one has.</exception>
    public static void ThrowIfMemberHidden(ISessionStore store) => ThrowIfMemberHidden(store, []);

    private static void ThrowIfMemberHidden(ISessionStore store, HashSet<ISessionStore> seen)
    {
        if (!seen.Add(store))
        {
            return;
        }

        foreach (var inner in FindInnerStores(store))
        {
            ThrowIfMemberHidden(inner, seen);
            var hidden = s_optionalMembers.Where(member => !IsImplemented(store, member) && IsImplemented(inner, member)).ToList();
            if (hidden.Count > 0)
            {
                throw new SessionConfigurationException(
                    $"{store.GetType().Name} is a store in front of {inner.GetType().Name} and hides what that one has: {string.Join(", ", hidden.Select(FormatName))}. "
                        + $"Derive it from {nameof(DelegatingSessionStore)}, which passes every call on; or implement these members in it."
                );
            }
        }
    }

    private static bool IsImplemented(ISessionStore store, MethodInfo member)
    {
        var map = store.GetType().GetInterfaceMap(typeof(ISessionStore));
        var owner = map.TargetMethods[Array.IndexOf(map.InterfaceMethods, member)].DeclaringType;
        return owner == typeof(DelegatingSessionStore)
            ? IsImplemented(((DelegatingSessionStore)store).Inner, member)
            : owner != typeof(ISessionStore);
    }

    private static IEnumerable<ISessionStore> FindInnerStores(ISessionStore store)
    {
        const BindingFlags fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        for (var type = store.GetType(); type is not null; type = type.BaseType)
        {
            foreach (var field in type.GetFields(fields))
            {
                if (field.GetValue(store) is ISessionStore inner)
                {
                    yield return inner;
                }
            }
        }
    }

    private static string FormatName(MethodInfo member) =>
        member.IsSpecialName ? member.Name.Replace("get_", "", StringComparison.Ordinal) : member.Name;
}
