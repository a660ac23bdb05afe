using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sessions;
using Sessions.Sqlite;
using Sessions.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in a SQLite file.</summary>
public static class SqliteSessionUpBuilderExtensions
{
    /// <summary>Keeps the sessions of this name in a SQLite file.</summary>
    /// <param name="builder">The sessions.</param>
    /// <param name="connectionString">Where the file is: <c>Data Source=sessions.db</c>. It is created when it is not there.</param>
    public static SessionUpBuilder UseSqlite(this SessionUpBuilder builder, string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return builder.UseSqlite(options => options.ConnectionString = connectionString);
    }

    /// <summary>Keeps the sessions of this name in a SQLite file.</summary>
    public static SessionUpBuilder UseSqlite(this SessionUpBuilder builder, Action<SqliteSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var name = builder.Name;
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SqliteSessionOptions>, SqliteSessionOptionsValidator>()
        );
        builder
            .Services.AddOptions<SqliteSessionOptions>(name)
            .Configure(options => options.Table = name.Length == 0 ? "sessions" : $"sessions_{name}")
            .Configure(configure)
            .ValidateOnStart();
        return builder.UseStore(services => new SqliteSessionStore(
            services.GetRequiredService<IOptionsMonitor<SqliteSessionOptions>>().Get(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredKeyedService<CorruptRecordReporter>(name)
        ));
    }
}
