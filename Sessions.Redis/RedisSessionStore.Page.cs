using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Walking through all sessions.</content>
public sealed partial class RedisSessionStore
{
    // A server answers no other call while it runs a script.
    private const int MaxPage = 1000;

    /// <inheritdoc />
    /// <remarks>
    /// One script a page; beside it, all primaries are read when a walk begins and when it ends. When they are not the same as in the
    /// beginning, or one was restarted, the walk begins anew, and sessions come again. A page holds at most about 1000.
    /// </remarks>
    public async ValueTask<SessionPage?> FetchPageAsync(string? continuation, int pageSize, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        var cursor = continuation is null
            ? await BeginScanAsync(cancellationToken).ConfigureAwait(false)
            : RedisScanCursor.Parse(continuation);
        RedisValue[] arguments = [_keys.SessionPattern, cursor.Cursor, Math.Min(pageSize, MaxPage)];
        var reply = (RedisResult[])
            (await RunAsync(RedisStatements.Page, [_keys.Probe(cursor.Probes[0])], arguments, cancellationToken).ConfigureAwait(false))!;
        var node = RedisNode.Parse((string)reply[0]!, (string)reply[1]!);
        if (cursor.NodeIdentity.Length > 0 && cursor.NodeIdentity != node.Identity)
        {
            // The cursor means nothing here: it belongs to another server, or to this one before it was restarted.
            return new SessionPage
            {
                Sessions = [],
                Continuation = (await BeginScanAsync(cancellationToken).ConfigureAwait(false)).ToString(),
            };
        }

        var next = await GetNextCursorAsync(cursor, node, (string)reply[2]!, cancellationToken).ConfigureAwait(false);
        return new SessionPage { Sessions = [.. ReadLive((RedisResult[])reply[3]!)], Continuation = next?.ToString() };
    }

    private async ValueTask<RedisScanCursor?> GetNextCursorAsync(
        RedisScanCursor cursor,
        RedisNode node,
        string scanPosition,
        CancellationToken cancellationToken
    )
    {
        if (scanPosition != "0")
        {
            return cursor with { NodeIdentity = node.Identity, Cursor = scanPosition };
        }

        if (cursor.Probes.Length > 1)
        {
            return new(cursor.TopologyHash, cursor.Probes[1..]);
        }

        // If slots moved during the walk, it may have missed a key that moved to a node it had finished.
        var again = await BeginScanAsync(cancellationToken).ConfigureAwait(false);
        return again.TopologyHash == cursor.TopologyHash ? null : again;
    }

    private IEnumerable<Session> ReadLive(IEnumerable<RedisResult> keysAndRecords) =>
        keysAndRecords
            .Chunk(2)
            .Select(pair => (Id: _keys.ParseSessionKey((byte[])pair[0]!), Record: (byte[]?)pair[1]))
            // The server may return a key twice.
            .DistinctBy(static found => found.Id)
            .Select(found => found.Id is { } id ? ReadLive(id, found.Record) : null)
            .OfType<Session>();
}
