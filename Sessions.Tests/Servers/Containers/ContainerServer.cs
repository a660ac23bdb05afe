using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;

namespace Sessions.Tests.Servers.Containers;

/// <summary>Starts servers as containers, wherever an engine answers.</summary>
internal static class ContainerServer
{
    /// <summary>Starts an official image and waits until the server in it is ready.</summary>
    /// <param name="image">The image with its tag.</param>
    /// <param name="port">Where the server listens, inside.</param>
    /// <param name="ready">How one knows that the server is ready.</param>
    /// <param name="connectionString">From host and port, outside.</param>
    /// <param name="configure">What else the container needs.</param>
    /// <returns>Null when no engine answers.</returns>
    public static async Task<(IAsyncDisposable, string)?> StartAsync(
        string image,
        int port,
        IWaitForContainerOS ready,
        Func<string, ushort, string> connectionString,
        Func<ContainerBuilder, ContainerBuilder>? configure = null
    )
    {
        try
        {
            var builder = new ContainerBuilder(image).WithPortBinding(port, assignRandomHostPort: true).WithWaitStrategy(ready);
            var container = (configure?.Invoke(builder) ?? builder).Build();
            await container.StartAsync();
            return (container, connectionString(container.Hostname, container.GetMappedPublicPort(port)));
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }
}
