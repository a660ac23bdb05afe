using System.Reflection;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Building;

namespace Sessions.Tests.Architecture;

public sealed class SurfaceTests
{
    private static readonly Assembly[] Packages =
    [
        .. Repository.Projects.Where(project => project.IsPackable).Select(project => Assembly.Load(project.Name)),
    ];

    private static IEnumerable<Type> PublicTypes => Packages.SelectMany(package => package.GetExportedTypes());

    [Test]
    public void The_packages_are_checked() =>
        Assert.That(PublicTypes, Is.SupersetOf((Type[])[typeof(Session), typeof(MemorySessionOptions), typeof(SeededRandom)]));

    [Test]
    public void A_public_class_is_sealed_static_or_abstract_or_has_no_public_constructor()
    {
        // A static class is abstract and sealed to the runtime. Of the failures of a store one says more, and who catches all of them
        // catches that one, too.
        var found = PublicTypes.Where(type =>
            type.IsClass
            && !type.IsSealed
            && !type.IsAbstract
            && type != typeof(SessionStoreException)
            && type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Any(constructor => !constructor.IsPrivate)
        );

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void One_using_is_enough_for_applications()
    {
        // An application that hands over a store knows the store's namespace; all else that a signature names is where the signature is.
        Type[] handedOver = [typeof(ISessionStore)];
        var found =
            from type in ApplicationTypes
            from named in SignatureTypes(type)
            where named.Namespace?.StartsWith("Sessions.", StringComparison.Ordinal) == true && !handedOver.Contains(named)
            select $"{type} names {named}";

        Assert.That(ApplicationTypes, Is.SupersetOf((Type[])[typeof(SessionManager), typeof(CookieKey), typeof(PasswordChecker)]));
        Assert.That(found.Distinct(), Is.Empty);
    }

    [Test]
    public void No_public_record_is_positional()
    {
        // A parameter more would break every caller; a property with a default breaks none. Positional records can be taken apart by
        // position.
        var found = PublicTypes.Where(static type => type.GetMethod("Deconstruct") is not null);

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void Nothing_public_is_a_mutable_field()
    {
        var found =
            from type in PublicTypes
            where !type.IsEnum
            from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            where !field.IsInitOnly && !field.IsLiteral
            select $"{type}.{field.Name}";

        Assert.That(found, Is.Empty);
    }

    [Test]
    public void A_store_is_asynchronous_and_can_be_cancelled()
    {
        var methods = PublicTypes
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(ISessionStore)))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            // Which feed there is, no backend has to say.
            .Where(method => method.ReturnType != typeof(ISessionChangeFeed))
            .ToList();
        var found = methods.Where(method =>
            !method.Name.EndsWith("Async", StringComparison.Ordinal)
            || method.ReturnType.Name is not ("ValueTask" or "ValueTask`1" or "IAsyncEnumerable`1")
            || method.GetParameters() is not [.., { ParameterType.Name: nameof(CancellationToken), IsOptional: false }]
        );

        Assert.That(methods, Has.Count.GreaterThanOrEqualTo(10));
        Assert.That(found.Select(method => $"{method.DeclaringType}.{method.Name}"), Is.Empty);
    }

    [Test]
    public void Nothing_asynchronous_has_a_synchronous_twin()
    {
        var found =
            from type in PublicTypes
            // A factory is no twin of what its product does.
            let names = type.GetMethods()
                .Where(method => !method.IsStatic || type.IsSealed && type.IsAbstract)
                .Select(method => method.Name)
                .ToHashSet()
            from name in names
            where name != nameof(IDisposable.Dispose) && names.Contains(name + "Async")
            select $"{type}.{name}";

        Assert.That(found, Is.Empty);
    }

    /// <summary>What applications call: not what only the authors of stores and of their tests do.</summary>
    private static IEnumerable<Type> ApplicationTypes =>
        from type in PublicTypes
        where type.Assembly.GetName().Name is "Sessions.Core" or "Sessions.Cookies" or "Sessions.Passwords"
        where type.Namespace != "Sessions.Stores"
        select type;

    private static IEnumerable<Type> SignatureTypes(Type type) =>
        type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .SelectMany(static member =>
                member switch
                {
                    MethodInfo method => method
                        .GetParameters()
                        .Select(static parameter => parameter.ParameterType)
                        .Append(method.ReturnType),
                    ConstructorInfo constructor => constructor.GetParameters().Select(static parameter => parameter.ParameterType),
                    PropertyInfo property => [property.PropertyType],
                    FieldInfo field => [field.FieldType],
                    _ => Type.EmptyTypes,
                }
            )
            .Append(type)
            .SelectMany(Parts);

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition())
        : [type];
}
