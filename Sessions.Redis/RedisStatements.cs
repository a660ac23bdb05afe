namespace Sessions.Redis;

/// <summary>What scripts share, in Lua; see <see cref="Stores.SessionRecord"/> for the form of a record, whose bytes Lua counts from 1.</summary>
internal static class RedisStatements
{
    public const string NodeIdentity = """

        local function clustered()
            return string.find(redis.call('INFO', 'cluster'), 'cluster_enabled:1', 1, true)
        end

        -- Who answers: the server's name for this life of its own and, in a cluster, what it says of itself there.
        local function who()
            local nodes = clustered() and redis.call('CLUSTER', 'NODES') or ''
            return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)'), string.match(nodes, '[^\n]* myself,[^\n]*') or ''
        end

        """;

    public const string Live = """

        -- The version of records that are read and written.
        local VERSION = 2

        -- Whether a record (or its head) can be read and its session has not expired.
        local function live(record, now)
            return record and #record >= 94 and string.byte(record) == VERSION and struct.unpack('>i7', record, 10) > now
        end

        """;

    public const string Sections = """

        -- The section of a record that begins there, and where the next one does. Fails at the end of the record.
        local function section(record, at)
            local length, first = string.byte(record, at), at + 1
            if length == 255 then
                length, first = struct.unpack('>I4', record, first)
            end
            assert(first + length - 1 <= #record)
            return string.sub(record, first, first + length - 1), first + length
        end

        -- Whether the flags of a record name a section, or say something else of it.
        local function has(record, flag)
            return bit.band(string.byte(record, 2), flag) ~= 0
        end

        -- The user key in a record (or its head), empty for a visitor's.
        local function user_of(record)
            if not has(record, 4) then
                return ''
            end
            local user = section(record, 95)
            if not has(record, 2) then
                return user
            end
            local hex = string.gsub(user, '.', function(byte) return string.format('%02x', string.byte(byte)) end)
            return (string.gsub(hex, '^(........)(....)(....)(....)', '%1-%2-%3-%4-'))
        end

        """;

    public const string Extend = """

        -- Lets a key live until its time, never shorter than before: the clock that said so before may have been the right one.
        local function extend(key, expires, now, tolerance)
            local ttl = string.format('%.0f', math.max(1, expires - now + tolerance))
            -- A key that lives for ever counts as one that lives longer.
            if redis.call('PEXPIRE', key, ttl, 'GT') == 0 and redis.call('PTTL', key) == -1 then
                redis.call('PEXPIRE', key, ttl)
            end
        end

        -- Notes in the index until which second a session lives.
        local function note(index, id, expires, now, tolerance)
            redis.call('ZADD', index, math.ceil(expires / 1000), id)
            extend(index, expires, now, tolerance)
        end

        """;

    public const string Records = """

        -- All ids in an index and, by thousands, since a call cannot take more, their keys and their records, false for those that are gone. Before each thousand
        -- records stands what is none: naming the index too makes the call fail while some of the keys are on another node; alone, a key that moved would look
        -- like one that is gone.
        local function records_of(index, prefix)
            local ids = redis.call('ZRANGE', index, 0, -1)
            local keys, records = {}, {}
            for first = 1, #ids, 1000 do
                local some = {}
                for i = first, math.min(first + 999, #ids) do
                    some[i - first + 1] = prefix .. ids[i]
                end
                keys[#keys + 1] = some
                records[#records + 1] = redis.call('MGET', index, unpack(some))
            end
            return ids, keys, records
        end

        -- Where the record, or with 1 less the key, of the id in this place is: in which thousand, and where in it.
        local function place_of(i)
            return math.floor((i - 1) / 1000) + 1, (i - 1) % 1000 + 2
        end

        """;

    public const string Delete = """

        -- Deletes sessions and their places in the index, not more at once than a call can take.
        local function delete(index, prefix, ids)
            for first = 1, #ids, 1000 do
                local last = math.min(first + 999, #ids)
                local keys = {}
                for i = first, last do
                    keys[#keys + 1] = prefix .. ids[i]
                end
                redis.call('UNLINK', unpack(keys))
                redis.call('ZREM', index, unpack(ids, first, last))
            end
        end

        """;

    public const string Create = """

        -- Creates sessions; see RedisInsert for what is said of each. Without a function, since each would be made anew for every sign-in. First all reads.
        local call, outcomes, dead = redis.call, {}, {}
        for i = 1, #KEYS, 2 do
            local session, index = KEYS[i], KEYS[i + 1]
            if index ~= session then
                -- Those that expired by every clock and whose keys are gone.
                for _, other in ipairs(call('ZRANGE', index, '-inf', ARGV[2 * i + 2], 'BYSCORE', 'LIMIT', 0, 100)) do
                    if call('EXISTS', index, string.sub(session, 1, -22) .. other) == 1 then
                        dead[#dead + 1] = { i, other }
                    end
                end
            end
        end

        for i = 1, #KEYS, 2 do
            outcomes[(i + 1) / 2] = call('SET', KEYS[i], ARGV[2 * i - 1], 'NX', 'PX', ARGV[2 * i]) and 0 or 1
        end
        for _, other in ipairs(dead) do
            if outcomes[(other[1] + 1) / 2] == 0 then
                call('ZREM', KEYS[other[1] + 1], other[2])
            end
        end
        for i = 1, #KEYS, 2 do
            local session, index = KEYS[i], KEYS[i + 1]
            if index ~= session and outcomes[(i + 1) / 2] == 0 then
                local ttl = ARGV[2 * i]
                call('ZADD', index, ARGV[2 * i + 1], string.sub(session, -21))
                -- As extend does.
                if call('PEXPIRE', index, ttl, 'GT') == 0 and call('PTTL', index) == -1 then
                    call('PEXPIRE', index, ttl)
                end
            end
        end

        """;

    public const string Publish = """

        -- Tells all nodes that sessions of a shard were changed (C) or ended (E). Called after the writes, and whatever becomes of it they have happened: a
        -- server that refuses to publish is found out by the heartbeat of the feed.
        local function tell(channel, kind, shard, ids)
            for first = 1, #ids, 1000 do
                redis.pcall('PUBLISH', channel, kind .. shard .. table.concat(ids, shard, first, math.min(first + 999, #ids)))
            end
        end

        """;
}
