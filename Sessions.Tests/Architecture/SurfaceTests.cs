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
        // A static class is abstract and sealed to the runtime.
        var found = PublicTypes.Where(type =>
            type.IsClass
            && !type.IsSealed
            && !type.IsAbstract
            && type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Any(constructor => !constructor.IsPrivate)
        );

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
            let names = type.GetMethods().Select(method => method.Name).ToHashSet()
            from name in names
            where name != nameof(IDisposable.Dispose) && names.Contains(name + "Async")
            select $"{type}.{name}";

        Assert.That(found, Is.Empty);
    }
}
