using System.Reflection;
using System.Runtime.Loader;
using NUnit.Framework;
using Sessions.Sqlite;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Sqlite;

public sealed class SqliteMissingLibraryTests
{
    [Test]
    [CancelAfter(60_000)]
    public async Task Where_SQLite_itself_cannot_be_loaded_every_call_says_so_as_a_failure_of_the_store(CancellationToken cancellationToken)
    {
        var samples = new SampleSessions(new ManualTimeProvider(), SeededRandom.Create());
        var place = new SqliteFreeLoadContext();
        // The driver loads what it needs by name.
        using var names = place.EnterContextualReflection();
        var store = place.CreateStore("Data Source=sessions.db");
        await using var open = (IAsyncDisposable)store;

        Func<Task>[] calls =
        [
            async () => await store.PrepareAsync(cancellationToken),
            async () => await store.FetchSessionAsync(samples.NewId("ann"), cancellationToken),
            async () => await store.CreateAsync(samples.Create(), null, cancellationToken),
            async () => await store.DeleteAsync(samples.NewId("ann"), cancellationToken),
            async () => await store.FetchSessionAsync(samples.NewId("ann"), cancellationToken),
        ];
        foreach (var call in calls)
        {
            var error = await Assert.ThrowsAsync<SessionStoreException>(call);

            Assert.That(error!.InnerException, Is.InstanceOf<TypeInitializationException>());
            Assert.That(error.Message, Does.Contain(SqliteFreeLoadContext.Reason));
        }
    }

    /// <summary>The package and its driver once more, where the system finds no native library for them.</summary>
    private sealed class SqliteFreeLoadContext() : AssemblyLoadContext("without SQLite")
    {
        public const string Reason = "There is no such library.";

        private static readonly string[] s_own = ["Sessions.Sqlite", "Microsoft.Data.Sqlite", "SQLitePCLRaw"];

        public ISessionStore CreateStore(string connectionString)
        {
            var assembly = LoadFromAssemblyPath(typeof(SqliteSessionStore).Assembly.Location);
            var options = Activator.CreateInstance(assembly.GetType(typeof(SqliteSessionOptions).FullName!)!)!;
            options.GetType().GetProperty(nameof(SqliteSessionOptions.ConnectionString))!.SetValue(options, connectionString);
            return (ISessionStore)Activator.CreateInstance(assembly.GetType(typeof(SqliteSessionStore).FullName!)!, options, null, null)!;
        }

        protected override Assembly? Load(AssemblyName assemblyName) =>
            Array.Exists(s_own, own => assemblyName.Name!.StartsWith(own, StringComparison.Ordinal))
                ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll"))
                : null;

        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) => throw new DllNotFoundException(Reason);
    }
}
