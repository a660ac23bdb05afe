using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;

namespace Sessions.Tests.Servers;

/// <summary>Starts servers as containers, wherever an engine answers.</summary>
internal static class ContainerServer
{
    /// <summary>A label of every container: a build that starts an engine of its own removes by it what a killed run has left.</summary>
    public const string Label = "sessions.engine";

    public static string LabelValue { get; } = Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "";

    /// <summary>The image that a variable names: builds set it where they cannot have the official one.</summary>
    public static string Image(string variable, string official) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? given : official;

    /// <summary>Starts a container and waits until the server in it is ready.</summary>
    /// <returns>Null when no engine answers.</returns>
    public static async Task<(IAsyncDisposable, string)?> StartAsync<T>(Func<T> build, Func<T, string> connectionString)
        where T : IContainer
    {
        try
        {
            var container = build();
            await container.StartAsync();
            return (container, connectionString(container));
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }
}
