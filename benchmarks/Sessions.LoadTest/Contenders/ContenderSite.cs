using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Sessions.LoadTest.Contenders;

/// <summary>A contender as a server of its own.</summary>
internal static class ContenderSite
{
    /// <summary>What a server says when it listens; its address and the number of its process follow.</summary>
    public const string Ready = "Listening:";

    public static async Task RunAsync(Contender contender, string connection)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Errors of the sessions alone: once any level of its own is enabled, the host does more for every request.
        builder.Logging.ClearProviders().AddSimpleConsole().SetMinimumLevel(LogLevel.None).AddFilter(nameof(Sessions), LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        contender.Configure!(builder, connection);
        await using var app = builder.Build();
        contender.Map!(app);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Console.WriteLine($"{Ready} {address} {Environment.ProcessId}");
        await app.WaitForShutdownAsync();
    }
}
