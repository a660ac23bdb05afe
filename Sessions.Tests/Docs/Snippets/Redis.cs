using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Sessions.Tests.Docs.Snippets;

internal static class Redis
{
    public static void Use(IHostApplicationBuilder builder, IConnectionMultiplexer connection)
    {
        // snippet
        builder.Services.AddSessionUp().UseRedis("redis-1:6379,redis-2:6379,password=...,ssl=true");

        // or on the application's own connection, which the application closes:
        builder.Services.AddSingleton(connection);
        builder.Services.AddSessionUp("admin").UseRedis();
        builder.Services.AddSessionUp("shop").UseKeyedRedis("shop", options => options.KeyPrefix = "shop/");
        // end
    }
}
