using LiteDB;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
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

    /// <summary>Keeps the sessions of this name in a LiteDB file of their own.</summary>
    public static SessionUpBuilder UseLiteDb(this SessionUpBuilder builder, Action<LiteDbSessionOptions> configure)
    {
        var name = Configure(builder, configure);
        return builder.UseStore(services => new LiteDbSessionStore(
            services.GetRequiredService<IOptionsMonitor<LiteDbSessionOptions>>().Get(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredKeyedService<CorruptRecordReporter>(name)
        ));
    }

    /// <summary>
    /// Keeps the sessions of this name in a database that the application opened, and disposes: in a collection beside its own. When LiteDB closes the
    /// database after a failed read or write of the file, only the application can open it again.
    /// </summary>
    /// <param name="builder">The sessions.</param>
    /// <param name="database">Finds the database.</param>
    /// <param name="configure">Names the collection; <see cref="LiteDbSessionOptions.Path"/> has to be left out.</param>
    public static SessionUpBuilder UseLiteDb(
        this SessionUpBuilder builder,
        Func<IServiceProvider, ILiteDatabase> database,
        Action<LiteDbSessionOptions>? configure = null
    )
    {
        ArgumentNullException.ThrowIfNull(database);
        // An earlier call under this name may have set a path; the last call wins.
        var name = Configure(
            builder,
            options =>
            {
                options.Path = null;
                configure?.Invoke(options);
            }
        );
        return builder.UseStore(services => new LiteDbSessionStore(
            database(services),
            services.GetRequiredService<IOptionsMonitor<LiteDbSessionOptions>>().Get(name),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredKeyedService<CorruptRecordReporter>(name)
        ));
    }

    private static string Configure(SessionUpBuilder builder, Action<LiteDbSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<LiteDbSessionOptions>, LiteDbSessionOptionsValidator>()
        );
        builder
            .Services.AddOptions<LiteDbSessionOptions>(builder.Name)
            .Configure(options => options.Collection = builder.Name.Length == 0 ? "sessions" : $"sessions_{builder.Name}")
            .Configure(configure)
            .ValidateOnStart();
        return builder.Name;
    }
}
