using Sessions.Stores;

namespace Sessions.Bench.Writes;

/// <summary>Through the library.</summary>
internal sealed class GroupedWrites(SessionManager manager, SessionId[] sessions)
{
    private readonly ValuesPatch[] _patches = [ValuesPatch.Empty.Set("theme", "dark"), ValuesPatch.Empty.Set("theme", "light")];

    public Task<double> RunAsync(TimeSpan time) => WriteCallers.RunAsync(time, WriteAsync);

    private async Task<int> WriteAsync(int caller, Func<bool> isOver)
    {
        var writes = 0;
        while (!isOver())
        {
            var update = await manager.UpdateValuesAsync(sessions[caller], _patches[writes++ % 2]);
            if (update.Outcome != SessionUpdateOutcome.Applied)
            {
                throw new InvalidOperationException("A live session was not changed.");
            }
        }

        return writes;
    }
}
