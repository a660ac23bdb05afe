namespace Sessions.Tests.Servers;

/// <summary>A server that many tests share; each keeps to a prefix or schema of its own.</summary>
/// <param name="Name">The product, for instance "Redis".</param>
/// <param name="Version">What the server itself says.</param>
/// <param name="Engine">Where it comes from: a given connection string, a container, a process.</param>
/// <param name="ConnectionString">In the words of the provider's driver.</param>
internal sealed record TestServer(string Name, string Version, string Engine, string ConnectionString)
{
    public override string ToString() => $"{Name} {Version} ({Engine})";
}
