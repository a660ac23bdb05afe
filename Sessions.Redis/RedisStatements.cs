using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <summary>
/// Every script, in Lua. Where the parts of a record are, Lua learns from <see cref="SessionRecordLayout"/>: no script has a number of its
/// own but 0 and 1. Lua counts bytes from 1.
/// </summary>
/// <content>What scripts share. Properties and not fields: each script is put together once, in an order that is not to matter.</content>
internal static partial class RedisStatements
{
    /// <summary>
    /// How many sessions a script ends or lists, where there may be more: a server answers no other call while it runs a script. Also how
    /// many keys or values one call inside a script takes, since Lua puts them on its stack.
    /// </summary>
    public const int ChunkSize = 1000;

    /// <summary>The index counts in seconds: a sorted set keeps small scores in less room.</summary>
    public const int MillisecondsPerIndexUnit = 1000;

    /// <summary>An instant, for struct.pack and struct.unpack.</summary>
    private static string InstantFormat => $">i{InstantSize}";

    /// <summary>Last use and expiry, which is behind it.</summary>
    private static string TouchFormat => $">i{InstantSize}i{InstantSize}";

    /// <summary>Last use, expiry, end and creation, which are behind each other.</summary>
    private static string InstantsFormat => $">i{InstantSize}i{InstantSize}i{InstantSize}i{InstantSize}";

    /// <summary>The parts of a header, instants as bytes.</summary>
    private static string HeaderFormat => $">BBc{InstantSize}c{InstantSize}c{InstantSize}c{InstantSize}";

    /// <summary>Lua for: which server this is, and what it says of itself in the cluster.</summary>
    private static string NodeIdentity =>
        """

            local function is_cluster()
                return string.find(redis.call('INFO', 'cluster'), 'cluster_enabled:1', 1, true)
            end

            -- The server's name for this life of its own and, in a cluster, its own line of CLUSTER NODES.
            local function node_identity()
                local nodes = is_cluster() and redis.call('CLUSTER', 'NODES') or ''
                return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'), string.match(nodes, '[^\n]* myself,[^\n]*') or ''
            end

            """;

    private static string Live =>
        $$"""

            -- Whether a record (or its head) is of the version that this one reads.
            local function known(record)
                return record and #record >= {{HeaderLength}} and string.byte(record, {{Lua(
                VersionOffset
            )}}) == {{SessionRecordLayout.Version}}
            end

            -- Whether the header of a record names a flag.
            local function flagged(record, flag)
                return bit.band(string.byte(record, {{Lua(FlagsOffset)}}), flag) ~= 0
            end

            -- Whether a record is what a session left that has ended.
            local function is_marker(record)
                return known(record) and flagged(record, {{(int)SessionRecordFlags.Marker}})
            end

            -- Whether a record (or its head) can be read and its session has not expired.
            local function live(record, now)
                return known(record)
                    and not flagged(record, {{(int)SessionRecordFlags.Marker}})
                    and struct.unpack('{{InstantFormat}}', record, {{Lua(ExpiresAtOffset)}}) > now
            end

            """;

    private static string Sections =>
        $$"""

            -- What stands there with its length before it, and where the next one begins. Fails at the end of the record.
            local function section(record, at)
                local length, first = string.byte(record, at), at + 1
                if length == {{LongLengthMark}} then
                    length, first = struct.unpack('>I{{LongLengthSize}}', record, first)
                end
                assert(first + length - 1 <= #record)
                return string.sub(record, first, first + length - 1), first + length
            end

            -- Whether the flags of a record name a section, or say something else of it.
            local function has(record, flag)
                return bit.band(string.byte(record, {{Lua(FlagsOffset)}}), flag) ~= 0
            end

            -- The user key in a record (or its head), empty for a visitor's.
            local function user_of(record)
                if string.byte(record, {{Lua(HeaderLength)}}) ~= {{(int)SessionRecordSection.User}} then
                    return ''
                end
                local user = section(record, {{Lua(HeaderLength + SectionNumberSize)}})
                if not has(record, {{(int)SessionRecordFlags.UserIsGuid}}) then
                    return user
                end
                local hex = string.gsub(user, '.', function(byte) return string.format('%02x', string.byte(byte)) end)
                return (string.gsub(hex, '^(........)(....)(....)(....)', '%1-%2-%3-%4-'))
            end

            """;

    private static string Extend =>
        $$"""

            -- Lets a key live until its time, never shorter than before: the clock that said so before may have been the right one.
            local function extend(key, expires, now, tolerance)
                local ttl = string.format('%.0f', math.max(1, expires - now + tolerance))
                -- A key that lives for ever counts as one that lives longer.
                if redis.call('PEXPIRE', key, ttl, 'GT') == 0 and redis.call('PTTL', key) == -1 then
                    redis.call('PEXPIRE', key, ttl)
                end
            end

            -- Writes into the index until when a session lives.
            local function index_session(index, id, expires, now, tolerance)
                redis.call('ZADD', index, math.ceil(expires / {{MillisecondsPerIndexUnit}}), id)
                extend(index, expires, now, tolerance)
            end

            """;

    private static string Records =>
        $$"""

            -- In chunks, since a call cannot take more, the records of sessions, false for those that are gone. Before the records of each chunk stands what is
            -- none: naming the index too makes the call fail while some of the keys are on another node; alone, a key that moved would look like one that is gone.
            local function records_of(index, prefix, ids)
                local records = {}
                for first = 1, #ids, {{ChunkSize}} do
                    local chunk = {}
                    for i = first, math.min(first + {{ChunkSize - 1}}, #ids) do
                        chunk[i - first + 1] = prefix .. ids[i]
                    end
                    records[#records + 1] = redis.call('MGET', index, unpack(chunk))
                end
                return records
            end

            -- The ids of a user's sessions, each once, those with them that a deletion is ending.
            local function ids_of(index, ending)
                local ids, is_listed = redis.call('ZRANGE', index, 0, -1), {}
                local ending_ids = redis.call('ZRANGE', ending, {{BehindFence}})
                if #ending_ids > 0 then
                    for _, id in ipairs(ids) do
                        is_listed[id] = true
                    end
                end
                for _, id in ipairs(ending_ids) do
                    if not is_listed[id] then
                        ids[#ids + 1] = id
                    end
                end
                return ids
            end

            -- Where the record of the id in this position is: in which chunk, and where in it.
            local function position_of(i)
                return math.floor((i - 1) / {{ChunkSize}}) + 1, (i - 1) % {{ChunkSize}} + 1 + 1
            end

            """;

    private static string DeleteSessions =>
        $$"""

            -- Deletes sessions and their entries in the index, not more at once than a call can take.
            local function delete(index, prefix, ids)
                for first = 1, #ids, {{ChunkSize}} do
                    local last = math.min(first + {{ChunkSize - 1}}, #ids)
                    local keys = {}
                    for i = first, last do
                        keys[#keys + 1] = prefix .. ids[i]
                    end
                    redis.call('UNLINK', unpack(keys))
                    redis.call('ZREM', index, unpack(ids, first, last))
                end
            end

            """;

    private static string Publish =>
        $$"""

            -- Publishes to all nodes that sessions of a shard were changed or ended. Called after the writes, and whatever becomes of it they have happened: a
            -- server that refuses to publish is found out by the heartbeat of the feed.
            local function publish(channel, kind, shard, ids)
                for first = 1, #ids, {{ChunkSize}} do
                    local last = math.min(first + {{ChunkSize - 1}}, #ids)
                    redis.pcall('PUBLISH', channel, kind .. shard .. table.concat(ids, shard, first, last))
                end
            end

            """;

    /// <summary>Where Lua finds a byte.</summary>
    private static int Lua(int offset) => offset + 1;
}
