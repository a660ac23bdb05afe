namespace Sessions.Bench.Writes;

/// <summary>Through the library.</summary>
internal sealed class GroupedWrites(SessionManager manager, SessionId[] sessions)
{
    private readonly ValuesPatch[] _patches = [ValuesPatch.Empty.Set("theme", "dark"), ValuesPatch.Empty.Set("theme", "light")];

    public Task<WriteRound> RunAsync(TimeSpan time) => WriteCallers.RunAsync(time, WriteAsync);

    private async Task WriteAsync(WriteCaller caller)
    {
        while (caller.RecordStart())
        {
            var update = await manager.UpdateValuesAsync(sessions[caller.Number], _patches[caller.Writes % 2]);
            if (update.Outcome != SessionUpdateOutcome.Applied)
            {
                throw new InvalidOperationException("A live session was not changed.");
            }

            caller.RecordEnd();
        }
    }
}
