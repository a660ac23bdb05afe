namespace Sessions.LoadTest.Contenders;

/// <summary>One way to have sessions: a tiny server that answers <c>GET /</c> to whoever has signed in at <c>/login/{user}</c>.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Title">In the report.</param>
/// <param name="Database">What it needs.</param>
/// <param name="Configure">Services, given where the database is. Null: it is no .NET application.</param>
/// <param name="Map">Middleware and endpoints.</param>
internal sealed record Contender(
    string Name,
    string Title,
    Database Database,
    Action<WebApplicationBuilder, string>? Configure,
    Action<WebApplication>? Map
)
{
    /// <summary>Another node of it, which ends sessions while it is measured.</summary>
    public bool IsRevokedMeanwhile { get; init; }
}
