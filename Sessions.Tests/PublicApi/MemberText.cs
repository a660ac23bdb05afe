using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Sessions.Tests.PublicApi;

/// <summary>Members as C# declares them.</summary>
internal sealed class MemberText(NullabilityInfoContext nullability)
{
    /// <summary>Null for what cannot be seen from outside, or what the compiler wrote by itself.</summary>
    public string? Format(MemberInfo member) =>
        member switch
        {
            ConstructorInfo constructor when Access(constructor) is { } access && !constructor.IsStatic =>
                $"{access}{constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor)})",
            MethodInfo method when Access(method) is { } access && !IsImplied(method) =>
                $"{access}{Modifiers(method)}{Signature(method, MethodName(method))}",
            PropertyInfo property when Accessors(property) is { Length: > 0 } accessors => Property(property, accessors),
            EventInfo @event when Access(@event.AddMethod!) is { } access =>
                $"{access}{Modifiers(@event.AddMethod!)}event {TypeText.Format(@event.EventHandlerType!, nullability.Create(@event))} {@event.Name}",
            FieldInfo field
                when field.IsPublic || (IsProtected(field.IsFamily, field.IsFamilyOrAssembly) && !field.DeclaringType!.IsSealed) => Field(
                field
            ),
            _ => null,
        };

    public string Signature(MethodInfo method, string name) =>
        $"{Reference(method.ReturnParameter)}{TypeText.Format(method.ReturnType, nullability.Create(method.ReturnParameter))} {name}({Parameters(method)})"
        + TypeText.Constraints(method.GetGenericArguments());

    private string Property(PropertyInfo property, MethodInfo[] accessors)
    {
        var widest = accessors.OrderByDescending(accessor => accessor.IsPublic).First();
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"this[{Parameters(parameters)}]" : property.Name;
        var body = accessors.Select(accessor =>
            $"{(Access(accessor) == Access(widest) ? "" : Access(accessor))}{Verb(property, accessor)};"
        );
        return $"{Access(widest)}{Modifiers(widest)}{required}{TypeText.Format(property.PropertyType, nullability.Create(property))} {index} "
            + $"{{ {string.Join(' ', body)} }}";
    }

    private string Field(FieldInfo field)
    {
        var modifiers = (field.IsLiteral, field.IsStatic, field.IsInitOnly) switch
        {
            (true, _, _) => "const ",
            (_, true, true) => "static readonly ",
            (_, true, false) => "static ",
            (_, false, true) => "readonly ",
            _ => "",
        };
        var value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue(), field.FieldType)}" : "";
        var access = field.IsPublic ? "public " : "protected ";
        return $"{access}{modifiers}{TypeText.Format(field.FieldType, nullability.Create(field))} {field.Name}{value}";
    }

    private string Parameters(MethodBase method)
    {
        var self = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return self + Parameters(method.GetParameters());
    }

    private string Parameters(ParameterInfo[] parameters) =>
        string.Join(
            ", ",
            parameters.Select(parameter =>
                (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "")
                + $"{Reference(parameter)}{TypeText.Format(parameter.ParameterType, nullability.Create(parameter))} {parameter.Name}"
                + (parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue, parameter.ParameterType)}" : "")
            )
        );

    private static string Reference(ParameterInfo parameter) =>
        parameter switch
        {
            { ParameterType.IsByRef: false } => "",
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            _ => "ref ",
        };

    private static string Literal(object? value, Type type) =>
        value switch
        {
            null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ when type.IsEnum => $"{TypeText.Format(type)}.{Enum.ToObject(type, value)}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };

    private static string MethodName(MethodInfo method) =>
        method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(TypeText.Format))}>" : method.Name;

    private static MethodInfo[] Accessors(PropertyInfo property) =>
        [
            .. new[] { property.GetMethod, property.SetMethod }
                .OfType<MethodInfo>()
                .Where(accessor => Access(accessor) is not null && !IsImplied(property)),
        ];

    private static string Verb(PropertyInfo property, MethodInfo accessor)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        return accessor == property.GetMethod ? "get"
            : isInit ? "init"
            : "set";
    }

    private static string? Access(MethodBase method) =>
        method switch
        {
            { DeclaringType.IsInterface: true, IsPublic: true } => "",
            { IsPublic: true } => "public ",
            { DeclaringType.IsSealed: false } when IsProtected(method.IsFamily, method.IsFamilyOrAssembly) => "protected ",
            _ => null,
        };

    private static bool IsProtected(bool isFamily, bool isFamilyOrAssembly) => isFamily || isFamilyOrAssembly;

    // Operators have special names too, and are written by hand.
    private static bool IsImplied(MethodInfo method) =>
        (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        || method.Name.Contains('<', StringComparison.Ordinal)
        || (method.IsDefined(typeof(CompilerGeneratedAttribute)) && method.Name != "Deconstruct");

    private static bool IsImplied(PropertyInfo property) => property.Name == "EqualityContract";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
        {
            return (method.IsStatic ? "static " : "") + (method.IsAbstract ? "" : "virtual ");
        }

        return method switch
        {
            { IsStatic: true } => "static ",
            { IsVirtual: true } when method.GetBaseDefinition() != method => method.IsFinal ? "sealed override " : "override ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
    }
}
