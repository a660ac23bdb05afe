using System.Data;
using System.Net;
using System.Reflection;
using System.Runtime.Loader;
using Dapper;
using Sessions.Stores;

namespace Sessions.Tests.Testing;

/// <summary>
/// The package of a store and Dapper once more, as a process has them whose application gave Dapper handlers of its own for the types of
/// its tables (Dapper has one list of them for the whole process).
/// </summary>
/// <typeparam name="TStore">The store.</typeparam>
internal sealed class TypeHandlerLoadContext<TStore>() : AssemblyLoadContext($"{typeof(TStore).Name} beside handlers")
    where TStore : ISessionStore
{
    private static readonly string[] s_own = [typeof(TStore).Assembly.GetName().Name!, "Dapper", "Dapper.AOT", "Sessions.Tests"];

    /// <param name="options">Read by their names: this type of options is not the context's.</param>
    /// <param name="reporter">Gets a report of each record that cannot be read.</param>
    public ISessionStore CreateStore<TOptions>(TOptions options, CorruptRecordReporter reporter)
    {
        LoadFromAssemblyName(typeof(UnfamiliarTypeHandler).Assembly.GetName())
            .GetType(typeof(UnfamiliarTypeHandler).FullName!, throwOnError: true)!
            .GetMethod(nameof(UnfamiliarTypeHandler.Register))!
            .Invoke(null, null);
        var assembly = LoadFromAssemblyName(typeof(TStore).Assembly.GetName());
        var copy = Activator.CreateInstance(assembly.GetType(typeof(TOptions).FullName!, throwOnError: true)!)!;
        foreach (var property in typeof(TOptions).GetProperties())
        {
            copy.GetType().GetProperty(property.Name)!.SetValue(copy, property.GetValue(options));
        }

        var create = assembly.GetType(typeof(TStore).FullName!, throwOnError: true)!.GetConstructors().Single();
        object?[] arguments = [copy, null, reporter, null];
        return (ISessionStore)create.Invoke(arguments[..create.GetParameters().Length]);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        s_own.Contains(assemblyName.Name) ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, $"{assemblyName.Name}.dll")) : null;
}

/// <summary>As an application's handler is to a table that it does not know.</summary>
internal sealed class UnfamiliarTypeHandler : SqlMapper.ITypeHandler
{
    private static readonly Type[] s_types =
    [
        typeof(string),
        typeof(bool),
        typeof(short),
        typeof(int),
        typeof(long),
        typeof(DateTime),
        typeof(DateTimeOffset),
        typeof(TimeSpan),
        typeof(Guid),
        typeof(byte[]),
        typeof(string[]),
        typeof(IPAddress),
    ];

    public static void Register()
    {
        foreach (var type in s_types)
        {
            // Without this Dapper asks a handler for what it reads only.
            SqlMapper.RemoveTypeMap(type);
            SqlMapper.AddTypeHandler(type, new UnfamiliarTypeHandler());
        }
    }

    public object Parse(Type destinationType, object value) => throw CreateException();

    public void SetValue(IDbDataParameter parameter, object value) => throw CreateException();

    private static DataException CreateException() => new("The application's handler does not know this table.");
}
