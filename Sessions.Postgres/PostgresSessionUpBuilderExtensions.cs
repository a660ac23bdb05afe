using Npgsql;
using Sessions;
using Sessions.Postgres;
using Sessions.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in PostgreSQL.</summary>
public static class PostgresSessionUpBuilderExtensions
{
    /// <summary>Keeps the sessions of this name in the database of a connection string.</summary>
    public static SessionUpBuilder UsePostgres(this SessionUpBuilder builder, string connectionString) =>
        builder.UsePostgres(options => options.ConnectionString = connectionString);

    /// <summary>Keeps the sessions of this name in the database of a data source, which the application disposes.</summary>
    public static SessionUpBuilder UsePostgres(this SessionUpBuilder builder, NpgsqlDataSource dataSource) =>
        builder.UsePostgres(options => options.DataSource = dataSource);

    /// <summary>
    /// Keeps the sessions of this name in the database of the <see cref="NpgsqlDataSource"/> among the application's services.
    /// </summary>
    public static SessionUpBuilder UsePostgres(this SessionUpBuilder builder) =>
        builder.Use(
            static (options, services) =>
                options.DataSource =
                    services.GetService<NpgsqlDataSource>()
                    ?? throw new SessionConfigurationException(
                        "There is no NpgsqlDataSource among the services. Add one, or give UsePostgres a connection string."
                    )
        );

    /// <summary>Keeps the sessions of this name in PostgreSQL.</summary>
    public static SessionUpBuilder UsePostgres(this SessionUpBuilder builder, Action<PostgresSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Use((options, _) => configure(options));
    }

    private static SessionUpBuilder Use(this SessionUpBuilder builder, Action<PostgresSessionOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(
            configure,
            static (options, context) => options.Table ??= context.FormatName("sessions"),
            static (options, context) =>
                new PostgresSessionStore(options, context.Time, context.Reporter, context.CreateLogger<PostgresSessionStore>())
        );
    }
}
