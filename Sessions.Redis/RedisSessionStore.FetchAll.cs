using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Listing.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchAllAsync(
        string userKey,
        IReadOnlyCollection<string>? valueKeys,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ComputeShard(userKey);
        RedisKey[] keys = [_keys.Index(shard, userKey), _keys.Ending(shard, userKey)];
        var found = new Dictionary<SessionId, Session>();
        string? fences = null;
        var (place, cursor) = (RedisStatements.FetchBegin, "0");
        do
        {
            var page = (RedisResult[])
                (
                    await RunAsync(RedisStatements.FetchAll, keys, [_keys.SessionPrefix(shard), place, cursor], cancellationToken)
                        .ConfigureAwait(false)
                )!;
            if (fences is not null && fences != (string)page[0]!)
            {
                // Sessions went from one key to the other: some may not have been met in either. It takes a deletion of more than a
                // thousand to come to that again.
                found.Clear();
                (fences, place, cursor) = ((string)page[0]!, RedisStatements.FetchIndex, "0");
                continue;
            }

            (fences, place, cursor) = ((string)page[0]!, (string)page[1]!, (string)page[2]!);
            foreach (var session in ReadLive(shard, page[3..], except: null))
            {
                found[session.Id] = session;
            }
        } while (place != RedisStatements.FetchDone);

        return found.Values.ToLiveList(_time.GetUtcNow()).ConvertAll(session => session.WithValues(valueKeys));
    }

    /// <summary>The live sessions in what a script read, oldest first.</summary>
    /// <param name="shard">Of all of them.</param>
    /// <param name="idsAndRecords">Ids, and in lists of a thousand their records, with one before them that is none.</param>
    /// <param name="except">One that is left out.</param>
    private List<Session> ReadLive(string shard, RedisResult[] idsAndRecords, SessionId? except)
    {
        var members = (byte[][])idsAndRecords[0]!;
        var records = idsAndRecords.Skip(1).SelectMany(static chunk => ((byte[]?[])chunk!).Skip(1));
        return records
            .Zip(members, (record, member) => (Id: RedisSessionKeys.ParseMember(shard, member), Record: record))
            .Where(row => row.Id != except && row.Record is not null)
            .Select(row => Read(row.Id, row.Record!))
            .OfType<Session>()
            .ToLiveList(_time.GetUtcNow());
    }
}
