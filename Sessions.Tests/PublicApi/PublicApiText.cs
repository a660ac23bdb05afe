using System.Reflection;

namespace Sessions.Tests.PublicApi;

/// <summary>
/// What an assembly offers to the code of others, as text: a line for each type and each member that can be seen from outside,
/// in an order that depends on nothing but their names.
/// </summary>
internal static class PublicApiText
{
    public static string[] Format(Assembly assembly)
    {
        var nullability = new NullabilityInfoContext();
        var lines = new List<string>();
        var namespaces = assembly
            .GetExportedTypes()
            .Where(type => !type.Name.Contains('<', StringComparison.Ordinal))
            .GroupBy(type => type.Namespace, StringComparer.Ordinal)
            .OrderBy(types => types.Key, StringComparer.Ordinal);
        foreach (var types in namespaces)
        {
            lines.AddRange(lines.Count == 0 ? [] : [""]);
            lines.Add($"namespace {types.Key}");
            foreach (var type in types.OrderBy(TypeText.Format, StringComparer.Ordinal))
            {
                lines.Add("");
                lines.Add(Declaration(type, nullability));
                lines.AddRange(Members(type, nullability).Select(member => $"    {member}"));
            }
        }

        return [.. lines];
    }

    private static IEnumerable<string> Members(Type type, NullabilityInfoContext nullability)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            return [];
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}");
        }

        const BindingFlags Own =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMembers(Own)
            .Select(member => (member.Name, Text: new MemberText(nullability).Format(member)))
            .Where(member => member.Text is not null)
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Text, StringComparer.Ordinal)
            .Select(member => member.Text!);
    }

    private static string Declaration(Type type, NullabilityInfoContext nullability)
    {
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            var invoke = type.GetMethod(nameof(Action.Invoke))!;
            return $"public delegate {new MemberText(nullability).Signature(invoke, TypeText.Format(type))}";
        }

        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var interfaces = type.GetInterfaces().Except(inherited).ToList();
        IEnumerable<string> bases = interfaces
            .Where(candidate => !interfaces.Any(other => other != candidate && candidate.IsAssignableFrom(other)))
            .Select(TypeText.Format)
            .Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && type.IsClass && parent != typeof(object))
        {
            bases = bases.Prepend(TypeText.Format(parent));
        }

        var ancestors = type.IsEnum ? TypeText.Format(Enum.GetUnderlyingType(type)) : string.Join(", ", bases);
        return $"public {Kind(type)} {TypeText.Format(type)}{(ancestors.Length > 0 ? $" : {ancestors}" : "")}{TypeText.Constraints(type.GetGenericArguments())}";
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum)
        {
            return "enum";
        }

        if (type.IsInterface)
        {
            return "interface";
        }

        // What tells a record from other types is what the compiler wrote into it.
        var isRecord = type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
        var record = isRecord ? "record " : "";
        if (type.IsValueType)
        {
            var readOnly = type.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IsReadOnlyAttribute") ? "readonly " : "";
            return $"{readOnly}{(type.IsByRefLike ? "ref " : "")}{record}struct";
        }

        return (type.IsAbstract, type.IsSealed) switch
        {
            (true, true) => "static class",
            (true, false) => $"abstract {record}class",
            (false, true) => $"sealed {record}class",
            _ => $"{record}class",
        };
    }
}
