using System.Reflection;
using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.Building;

namespace Sessions.Tests.Testing;

/// <summary>A store without a conformance suite and a race suite does not get into the solution.</summary>
public sealed class StoreSuiteCoverageTests
{
    private static readonly Assembly s_core = typeof(ISessionStore).Assembly;

    // The suites of faulty stores are generic: they are no fixtures and prove no store.
    private static readonly Type[] s_fixtures =
    [
        .. typeof(StoreSuiteCoverageTests).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false }),
    ];

    private static IEnumerable<Type> Stores =>
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Sessions.*.dll")
            .Select(path => Assembly.Load(Path.GetFileNameWithoutExtension(path)))
            .Where(assembly => assembly != typeof(StoreSuiteCoverageTests).Assembly && assembly != typeof(FailingSessionStore).Assembly)
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == s_core.GetName().Name))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(ISessionStore)));

    [TestCaseSource(nameof(Stores))]
    public void A_store_has_a_conformance_suite(Type store)
    {
        Assert.That(
            FindSuites(store, typeof(SessionStoreConformanceTests<>)),
            Is.Not.Empty,
            $"Derive a class from SessionStoreConformanceTests<{store.Name}>."
        );
    }

    [TestCaseSource(nameof(Stores))]
    public void A_store_has_a_race_suite(Type store)
    {
        Assert.That(
            FindSuites(store, typeof(SessionStoreRaceTests<>)),
            Is.Not.Empty,
            $"Derive a class from SessionStoreRaceTests<{store.Name}>."
        );
    }

    [Test]
    public void Every_provider_of_the_solution_is_covered()
    {
        // A provider that the tests do not reference would be passed over in silence.
        var providers = Repository
            .Projects.Where(project =>
                project.IsPackable && File.Exists(Repository.PathOf($"{project.Folder}/{project.Name.Split('.')[^1]}SessionStore.cs"))
            )
            .Select(project => project.Name);

        Assert.That(providers, Is.SubsetOf(Stores.Select(store => store.Assembly.GetName().Name)).And.Not.Empty);
    }

    [Test]
    public void A_store_without_suites_would_be_noticed()
    {
        Assert.That(FindSuites(typeof(FailingSessionStore), typeof(SessionStoreConformanceTests<>)), Is.Empty);
        Assert.That(FindSuites(typeof(FailingSessionStore), typeof(SessionStoreRaceTests<>)), Is.Empty);
    }

    private static IEnumerable<Type> FindSuites(Type store, Type suite) =>
        s_fixtures.Where(fixture => GetBaseTypes(fixture).Contains(suite.MakeGenericType(store)));

    private static IEnumerable<Type> GetBaseTypes(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }
}
