using Microsoft.AspNetCore.Http.Features;

namespace Sessions.Bench.Micro;

/// <summary>A response that calls what waits for its start, as a server's does.</summary>
internal sealed class StartingResponse : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Call, object State)> _waiting = new();

    public override void OnStarting(Func<object, Task> callback, object state) => _waiting.Push((callback, state));

    public async Task StartAsync()
    {
        while (_waiting.TryPop(out var waiting))
        {
            await waiting.Call(waiting.State);
        }
    }
}
