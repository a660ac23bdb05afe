using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Sessions.Tests.Docs.Snippets;

internal static class Postgres
{
    public static void Use(IHostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddSessionUp().UsePostgres("Host=db;Database=app;Username=app");

        // or on the application's own connections, which the application disposes:
        builder.Services.AddSingleton(NpgsqlDataSource.Create("Host=db;Database=app;Username=app"));
        builder.Services.AddSessionUp("admin").UsePostgres();
        // end
    }

    public static void Listen(IHostApplicationBuilder builder)
    {
        // snippet
        builder
            .Services.AddSessionUp()
            .UsePostgres(options =>
            {
                options.ConnectionString = "Host=pgbouncer;Database=app;Username=app";
                options.FeedConnectionString = "Host=db;Database=app;Username=app";
            });
        // end
    }
}
