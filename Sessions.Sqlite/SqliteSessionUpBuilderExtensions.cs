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
        return builder.UseStore<SqliteSessionOptions>(
            (options, _) => configure(options),
            static (options, context) => options.Table ??= context.FormatName("sessions"),
            static (options, context) => new SqliteSessionStore(options, context.Time, context.Reporter)
        );
    }
}
