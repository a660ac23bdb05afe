using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Creating, within the limit of the user.</content>
public sealed partial class RedisSessionStore
{
    private const int Created = 0;
    private const int Duplicate = 1;

    private static readonly RedisScript CreateWithinLimitScript = new(
        "#!lua\n"
            + RedisStatements.Live
            + RedisStatements.Records
            + RedisStatements.Delete
            + RedisStatements.Publish
            + """

            local prefix, now, max, refuse, channel = string.sub(KEYS[1], 1, -22), tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7] == '1', ARGV[8]

            -- The oldest sessions beyond the limit.
            local function surplus()
                local ids, _, records = records_of(KEYS[2], prefix)
                local all = {}
                for i = 1, #ids do
                    local some, at = place_of(i)
                    local record = records[some][at]
                    if live(record, now) then
                        all[#all + 1] = { ids[i], record, (struct.unpack('>i7', record, 24)) }
                    end
                end
                table.sort(all, function(a, b)
                    if a[3] == b[3] then
                        return a[1] < b[1]
                    end
                    return a[3] < b[3]
                end)
                for i = #all, math.max(0, #all + 1 - max) + 1, -1 do
                    all[i] = nil
                end
                return all
            end

            if redis.call('EXISTS', KEYS[1]) == 1 then
                return { 1 }
            end
            local ended = surplus()
            if refuse and #ended > 0 then
                return { 2 }
            end

            """
            + RedisStatements.Create
            + """

            local ids, records = {}, { false }
            for i, other in ipairs(ended) do
                ids[i], records[i + 1] = other[1], other[2]
            end
            delete(KEYS[2], prefix, ids)
            tell(channel, 'E', string.sub(prefix, -3), ids)
            return { 0, ids, records }
            """
    );

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The id has not the shard of its user, so the session could never be listed.</exception>
    public async ValueTask<IReadOnlyList<Session>> CreateAsync(Session session, SessionLimit? limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var shard = session.Id.Shard;
        if (session.UserKey is { } userKey && ComputeShard(userKey) != shard)
        {
            throw new ArgumentException("The id of a session begins with the shard of its user; this one does not.", nameof(session));
        }

        var key = _keys.Session(session.Id);
        var (now, expires) = (Now, session.ExpiresAt.ToUnixTimeMilliseconds());
        var creation = new RedisInsert(
            [key, session.UserKey is null ? key : _keys.Index(shard, session.UserKey)],
            [
                SessionRecord.Write(session),
                Math.Max(1, expires - now + Tolerance),
                (long)Math.Ceiling(expires / 1000d),
                (long)Math.Floor((now - Tolerance) / 1000d),
            ]
        );
        if (limit is not null && session.UserKey is not null)
        {
            return await CreateWithinLimitAsync(limit, session.Id, creation, now, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await _inserts.ExecuteAsync(creation, cancellationToken).ConfigureAwait(false) is null
            ? throw new DuplicateSessionException(session.Id)
            : [];
    }

    private async ValueTask<IReadOnlyList<Session>> CreateWithinLimitAsync(
        SessionLimit limit,
        SessionId id,
        RedisInsert insert,
        long now,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] arguments =
        [
            .. insert.Arguments,
            now,
            limit.Max,
            limit.Policy == SessionLimitPolicy.Refuse ? 1 : 0,
            _keys.ChangeChannel,
        ];
        var result = await RunAsync(CreateWithinLimitScript, insert.Keys, arguments, cancellationToken).ConfigureAwait(false);
        var reply = (RedisResult[])result!;
        return (int)reply[0] switch
        {
            Created => ReadLive(id.Shard, reply[1..], except: null),
            Duplicate => throw new DuplicateSessionException(id),
            _ => throw new SessionLimitException(limit),
        };
    }
}
