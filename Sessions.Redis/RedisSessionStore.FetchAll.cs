using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Listing.</content>
public sealed partial class RedisSessionStore
{
    private static readonly RedisScript FetchAllScript = new(
        "#!lua flags=allow-oom\n"
            + RedisStatements.Records
            + """

            local ids, _, records = records_of(KEYS[1], ARGV[1])
            return { ids, unpack(records) }
            """
    );

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>> FetchAllAsync(string userKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ComputeShard(userKey);
        RedisKey[] keys = [_keys.Index(shard, userKey)];
        var reply = await RunAsync(FetchAllScript, keys, [_keys.SessionPrefix(shard)], cancellationToken).ConfigureAwait(false);
        return ReadLive(shard, (RedisResult[])reply!, except: null);
    }

    /// <summary>The live sessions in what a script read, the earliest created first.</summary>
    /// <param name="shard">Of all of them.</param>
    /// <param name="idsAndRecords">Ids, and in lists of a thousand their records, with one before them that is none.</param>
    /// <param name="except">One that is not asked for.</param>
    private List<Session> ReadLive(string shard, RedisResult[] idsAndRecords, SessionId? except)
    {
        var members = (byte[][])idsAndRecords[0]!;
        var live = new List<(long CreatedAt, byte[] Member, Session Session)>(members.Length);
        var records = idsAndRecords.Skip(1).SelectMany(static some => ((byte[]?[])some!).Skip(1));
        foreach (var (i, record) in records.Index())
        {
            var id = RedisSessionKeys.ParseMember(shard, members[i]);
            if (id != except && ReadLive(id, record) is { } session)
            {
                live.Add((session.CreatedAt.Ticks, members[i], session));
            }
        }

        // Members are compared in place of the ids: their order is the same, and they are here as text.
        live.Sort(
            static (one, other) =>
                one.CreatedAt != other.CreatedAt
                    ? one.CreatedAt.CompareTo(other.CreatedAt)
                    : one.Member.AsSpan().SequenceCompareTo(other.Member)
        );
        return live.ConvertAll(static one => one.Session);
    }
}
