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

    private readonly Dictionary<Type, HashSet<Type>> _storesBySuite = new()
    {
        [typeof(SessionStoreConformanceTests<>)] = [],
        [typeof(SessionStoreRaceTests<>)] = [],
    };

    private static IEnumerable<Type> Stores =>
        Directory
            .EnumerateFiles(AppContext.BaseDirectory, "Sessions.*.dll")
            .Select(path => Assembly.Load(Path.GetFileNameWithoutExtension(path)))
            .Where(assembly => assembly != typeof(StoreSuiteCoverageTests).Assembly && assembly != typeof(FailingSessionStore).Assembly)
            .Where(assembly => assembly.GetReferencedAssemblies().Any(reference => reference.Name == s_core.GetName().Name))
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(ISessionStore)));

    /// <summary>Which store a backend makes is known when it has made one.</summary>
    [OneTimeSetUp]
    public async Task FindStoresAsync()
    {
        // The suites of faulty stores are generic: they are no fixtures and prove no store.
        var fixtures = typeof(StoreSuiteCoverageTests)
            .Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericType: false });
        foreach (var suite in fixtures.SelectMany(GetBaseTypes).Where(IsSuite))
        {
            var backend = (SessionStoreBackend)Activator.CreateInstance(suite.GenericTypeArguments[0])!;
            var store = await backend.CreateStoreAsync(TimeProvider.System);
            _storesBySuite[suite.GetGenericTypeDefinition()].Add(store.GetType());
            await using (store as IAsyncDisposable)
            {
                // Only its type is of interest.
            }

            await backend.CleanUpAsync();
        }
    }

    [TestCaseSource(nameof(Stores))]
    public void A_store_has_a_conformance_suite(Type store)
    {
        Assert.That(
            _storesBySuite[typeof(SessionStoreConformanceTests<>)],
            Has.Member(store),
            $"Derive a class from SessionStoreConformanceTests<> with a backend that makes {store.Name}."
        );
    }

    [TestCaseSource(nameof(Stores))]
    public void A_store_has_a_race_suite(Type store)
    {
        Assert.That(
            _storesBySuite[typeof(SessionStoreRaceTests<>)],
            Has.Member(store),
            $"Derive a class from SessionStoreRaceTests<> with a backend that makes {store.Name}."
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
    public void A_store_without_suites_would_be_noticed() =>
        Assert.That(_storesBySuite.Values.SelectMany(stores => stores), Has.No.AssignableTo<FailingSessionStore>());

    private bool IsSuite(Type type) => type.IsGenericType && _storesBySuite.ContainsKey(type.GetGenericTypeDefinition());

    private static IEnumerable<Type> GetBaseTypes(Type type)
    {
        for (var ancestor = type.BaseType; ancestor is not null; ancestor = ancestor.BaseType)
        {
            yield return ancestor;
        }
    }
}
