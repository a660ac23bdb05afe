namespace Sessions.Redis;

/// <content>Reading, and looking at servers.</content>
internal static partial class RedisStatements
{
    // A server answers no other call while it runs a script.
    private const int ScanStep = 100;
    private const int MaxScanSteps = 100;
    private const int MaxPageBytes = 1024 * 1024;

    /// <summary>
    /// Where <see cref="FetchAll"/> begins, and goes on: in the index, or among the sessions that are ending; and where it is done.
    /// </summary>
    public const string FetchBegin = "";
    public const string FetchIndex = "i";
    public const string FetchEnding = "e";
    public const string FetchDone = "";

    /// <summary>
    /// Sessions of a user: the fences that stand with those that are ending (<see cref="DeleteAll"/>), where to go on, the cursor there,
    /// ids, and in chunks their records. All of them where they are few. Otherwise those that stay are found by going on until it is done,
    /// as long as the fences are the same; it may name one twice.
    /// </summary>
    public static RedisScript FetchAll { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Records}}
            {{Fences}}
            local index, ending = unpack(KEYS)
            local prefix, place, cursor = unpack(ARGV)
            -- Fails while the two are on different nodes.
            redis.call('EXISTS', index, ending)
            local fences = table.concat(fences_of(ending))
            local ids
            if place == '{{FetchBegin}}' and redis.call('ZCARD', index) + redis.call('ZCARD', ending) <= {{ChunkSize}} then
                ids = ids_of(index, ending)
                return { fences, '{{FetchDone}}', cursor, ids, unpack(records_of(index, prefix, ids)) }
            end

            local scanned
            cursor, scanned = unpack(redis.call('ZSCAN', place == '{{FetchEnding}}' and ending or index, cursor, 'COUNT', {{ChunkSize}}))
            ids = {}
            local is_member = true
            for _, text in ipairs(scanned) do
                if is_member and string.sub(text, 1, 1) ~= '{{FenceMark}}' then
                    ids[#ids + 1] = text
                end
                is_member = not is_member
            end
            local next_place = place == '{{FetchEnding}}' and place or '{{FetchIndex}}'
            if cursor == '0' then
                next_place = place == '{{FetchEnding}}' and '{{FetchDone}}' or '{{FetchEnding}}'
            end
            return { fences, next_place, cursor, ids, unpack(records_of(index, prefix, ids)) }
            """
        );

    /// <summary>
    /// Some keys and records of a server: its identity, where to go on, and keys and records in turn. A key of a slot that is no longer
    /// this node's, or not yet, cannot be read here; its session cannot be fetched here either.
    /// </summary>
    public static RedisScript Page { get; } =
        new(
            $$"""
            #!lua flags=no-writes,allow-cross-slot-keys
            {{NodeIdentity}}
            local pattern, cursor, limit = unpack(ARGV)
            limit = tonumber(limit)
            local found, found_bytes, steps, rows = 0, 0, 0, {}
            repeat
                local scanned = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', math.min({{ScanStep}}, limit - found), 'TYPE', 'string')
                local keys
                cursor, keys = unpack(scanned)
                for _, key in ipairs(keys) do
                    local record = redis.pcall('GET', key)
                    if type(record) == 'string' then
                        rows[#rows + 1] = key
                        rows[#rows + 1] = record
                        found = found + 1
                        found_bytes = found_bytes + #record
                    end
                end
                steps = steps + 1
            until cursor == '0' or found >= limit or found_bytes >= {{MaxPageBytes}} or steps == {{MaxScanSteps}}
            local run, node = node_identity()
            return { run, node, cursor, rows }
            """
        );

    /// <summary>The identity of a server, and the rights that its user lacks for pages.</summary>
    public static RedisScript DescribeNode { get; } =
        new(
            $$"""
            #!lua flags=no-writes
            {{NodeIdentity}}
            local missing = {}
            local function require_right(right, ...)
                if not redis.acl_check_cmd(...) then
                    missing[#missing + 1] = right
                end
            end
            require_right('scan', 'SCAN', '0')
            require_right('info', 'INFO')
            if #missing == 0 and is_cluster() then
                require_right('cluster|nodes', 'CLUSTER', 'NODES')
            end
            local run, node = '', ''
            if #missing == 0 then
                run, node = node_identity()
            end
            return { run, node, unpack(missing) }
            """
        );

    /// <summary>
    /// What a server is. Without a first line `#!lua`, so that any server with Lua can say it. INFO is sent from here because drivers keep
    /// it for administrators.
    /// </summary>
    public static RedisScript Info { get; } =
        new(
            """
            if redis.acl_check_cmd and not redis.acl_check_cmd('INFO') then
                return ''
            end
            return redis.call('INFO', 'server') .. redis.call('INFO', 'memory')
            """
        );

    /// <summary>
    /// The commands that the user of a server may not run. Writes nothing, and says so: otherwise a server that is out of memory would
    /// refuse it.
    /// </summary>
    public static RedisScript Check { get; } =
        new(
            """
            #!lua flags=no-writes
            local key = KEYS[1]
            local changes, heartbeat = unpack(ARGV)
            local calls = {
                { 'GET', key }, { 'MGET', key }, { 'GETRANGE', key, '0', '1' }, { 'EXISTS', key }, { 'PTTL', key }, { 'PEXPIRE', key, '1' },
                { 'SET', key, '' }, { 'SETRANGE', key, '0', '' }, { 'UNLINK', key },
                { 'ZADD', key, '0', '' }, { 'ZREM', key, '' }, { 'ZREMRANGEBYRANK', key, '0', '1' }, { 'ZCARD', key },
                { 'ZRANGE', key, '0', '1' }, { 'ZSCORE', key, '' }, { 'ZSCAN', key, '0' }, { 'RENAME', key, key },
                { 'PUBLISH', changes, '' }, { 'PUBLISH', heartbeat, '' }, { 'SUBSCRIBE', changes, heartbeat }, { 'UNSUBSCRIBE', changes },
            }
            local refused = {}
            for _, call in ipairs(calls) do
                if not redis.acl_check_cmd(unpack(call)) then
                    refused[#refused + 1] = call[1]
                end
            end
            return refused
            """
        );

    /// <summary>Sends a nonce by way of a server.</summary>
    public static RedisScript Heartbeat { get; } =
        new(
            """
            #!lua
            return redis.call('PUBLISH', unpack(ARGV))
            """
        );
}
