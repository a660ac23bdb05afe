using Microsoft.Data.Sqlite;
using Sessions.Sqlite;

namespace Sessions.Tests.Sqlite;

/// <summary>Keeps a store's writer busy: what is called until the release waits, and is committed together.</summary>
internal sealed class BlockedWriter
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _write;

    private BlockedWriter(SqliteSessionStore store, Action<SqliteConnection>? prepare, TaskCompletionSource begun, CancellationToken token)
    {
        _write = store.Writer.RunAsync(
            connection =>
            {
                prepare?.Invoke(connection);
                begun.SetResult();
                _released.Task.Wait(token);
                return 0;
            },
            isDurable: false,
            token
        );
    }

    public static async Task<BlockedWriter> BlockAsync(
        SqliteSessionStore store,
        CancellationToken token,
        Action<SqliteConnection>? prepare = null
    )
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = new BlockedWriter(store, prepare, begun, token);
        await await Task.WhenAny(begun.Task, held._write);
        return held;
    }

    public async Task ReleaseAsync()
    {
        _released.SetResult();
        await _write;
    }
}
