using LiteDB;
using Sessions;
using Sessions.LiteDb;
using Sessions.Stores;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps sessions in a LiteDB file.</summary>
public static class LiteDbSessionUpBuilderExtensions
{
    /// <summary>Keeps the sessions of this name in a LiteDB file of their own.</summary>
    /// <param name="builder">The sessions.</param>
    /// <param name="path">The file; it is created when it is not there. See <see cref="LiteDbSessionOptions.Path"/>.</param>
    public static SessionUpBuilder UseLiteDb(this SessionUpBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return builder.UseLiteDb(options => options.Path = path);
    }

    /// <summary>Keeps the sessions of this name in a LiteDB file of their own, or in <see cref="LiteDbSessionOptions.Database"/>.</summary>
    public static SessionUpBuilder UseLiteDb(this SessionUpBuilder builder, Action<LiteDbSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return builder.Use((options, _) => configure(options));
    }

    /// <summary>
    /// Keeps the sessions of this name in a database that the application opened, and disposes: in a collection beside its own. When LiteDB
    /// closes the database after a failed read or write of the file, only the application can open it again.
    /// </summary>
    /// <param name="builder">The sessions.</param>
    /// <param name="database">Finds the database.</param>
    /// <param name="configure">Names the collection.</param>
    public static SessionUpBuilder UseLiteDb(
        this SessionUpBuilder builder,
        Func<IServiceProvider, ILiteDatabase> database,
        Action<LiteDbSessionOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        return builder.Use(
            (options, services) =>
            {
                options.Database = database(services);
                configure?.Invoke(options);
            }
        );
    }

    private static SessionUpBuilder Use(this SessionUpBuilder builder, Action<LiteDbSessionOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseStore(
            configure,
            static (options, context) => options.Collection ??= context.FormatName("sessions"),
            static (options, context) => new LiteDbSessionStore(options, context.Time, context.Reporter)
        );
    }
}
