namespace Sessions.Redis;

/// <content>Reading, and looking at servers.</content>
internal static partial class RedisStatements
{
    // A server answers no other call while it runs a script.
    private const int ScanStep = 100;
    private const int MaxScanSteps = 100;
    private const int MaxPageBytes = 1024 * 1024;

    /// <summary>All sessions of a user: ids, and in chunks their records.</summary>
    public static RedisScript FetchAll { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Records}}
            local prefix = unpack(ARGV)
            local ids, _, records = records_of(KEYS[1], prefix)
            return { ids, unpack(records) }
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
                { 'ZADD', key, '0', '' }, { 'ZREM', key, '' }, { 'ZREMRANGEBYRANK', key, '0', '1' }, { 'ZREMRANGEBYSCORE', key, '0', '1' }, { 'ZCARD', key }, { 'ZRANGE', key, '0', '1' },
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
