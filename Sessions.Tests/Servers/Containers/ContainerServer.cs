using DotNet.Testcontainers.Builders;

namespace Sessions.Tests.Servers;

/// <summary>Starts servers as containers, wherever an engine answers.</summary>
internal static class ContainerServer
{
    /// <summary>Starts an official image and waits until the server in it says that it is ready.</summary>
    /// <param name="image">The image with its tag.</param>
    /// <param name="port">Where the server listens, inside.</param>
    /// <param name="readyText">What the server writes to its log when it is ready.</param>
    /// <param name="connectionString">From host and port, outside.</param>
    /// <param name="configure">What else the container needs.</param>
    /// <returns>Null when no engine answers.</returns>
    public static async Task<(IAsyncDisposable, string)?> StartAsync(
        string image,
        int port,
        string readyText,
        Func<string, ushort, string> connectionString,
        Func<ContainerBuilder, ContainerBuilder>? configure = null
    )
    {
        try
        {
            var builder = new ContainerBuilder(image)
                .WithPortBinding(port, assignRandomHostPort: true)
                .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged(readyText));
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
