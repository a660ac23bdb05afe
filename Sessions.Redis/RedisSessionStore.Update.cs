using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Changing a session as <see cref="SessionPatch.ApplyTo"/> says.</content>
public sealed partial class RedisSessionStore
{
    private static readonly RedisScript UpdateScript = new(
        "#!lua\n"
            + RedisStatements.Live
            + RedisStatements.Sections
            + RedisStatements.Extend
            + RedisStatements.Publish
            + """

            local session, id, prefix, now, tolerance = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
            local expected_secret, next_secret, next_rotation = ARGV[5], ARGV[6], ARGV[7]
            local shown_secret, shown_at = ARGV[8], ARGV[9]
            local next_client, next_authentication, next_expires, next_ends = ARGV[10], ARGV[11], ARGV[12], ARGV[13]
            local max_bytes, expectations, channel = tonumber(ARGV[14]), tonumber(ARGV[15]), ARGV[16]
            local first_change = 17 + 2 * expectations
            local GONE, APPLIED, CONFLICT, TOO_LARGE = 1, 0, 2, 3
            local NO_INSTANT = '\128\0\0\0\0\0\0'

            local SECTIONS = { 'user', 'client', 'last_client', 'rotation', 'authentication', 'idle' }

            local function read(record)
                local part, at = {}, 95
                part.flags, part.seen, part.expires, part.ends, part.created, part.secret, part.lineage = struct.unpack('>xBc7c7c7c7c32c32', record)
                for i, name in ipairs(SECTIONS) do
                    part[name] = ''
                    if has(record, 2 ^ (i + 1)) then
                        part[name], at = section(record, at)
                    end
                end
                part.values = at
                return part
            end

            local function with_length(text)
                return #text < 255 and string.char(#text) .. text or struct.pack('>BI4', 255, #text) .. text
            end

            local function write(part, values)
                local flags, sections = part.flags % 4, {}
                for i, name in ipairs(SECTIONS) do
                    if part[name] ~= '' then
                        flags = flags + 2 ^ (i + 1)
                        sections[#sections + 1] = with_length(part[name])
                    end
                end
                return struct.pack('>BBc7c7c7c7c32c32', VERSION, flags, part.seen, part.expires, part.ends, part.created, part.secret, part.lineage)
                    .. table.concat(sections) .. values
            end

            local function read_values(record, at)
                local values = {}
                while at <= #record do
                    local key, value
                    key, at = section(record, at)
                    value, at = section(record, at)
                    values[key] = value
                end
                return values
            end

            local record = redis.call('GET', session)
            if not record then
                return { GONE }
            end
            if not live(record, now) then
                return { GONE, record }
            end
            local readable, part = pcall(read, record)
            local values
            if readable then
                readable, values = pcall(read_values, record, part.values)
            end
            if not readable then
                return { GONE, record }
            end

            if expected_secret ~= '' and expected_secret ~= part.secret or shown_secret ~= '' and shown_secret ~= part.secret then
                return { CONFLICT, record }
            end
            for i = 17, first_change - 1, 2 do
                local value = values[ARGV[i]]
                if ARGV[i + 1] ~= (value and '=' .. value or '') then
                    return { CONFLICT, record }
                end
            end

            local reply = { APPLIED, '' }
            for i = first_change, #ARGV, 2 do
                local key, change = ARGV[i], ARGV[i + 1]
                if change ~= '' then
                    values[key] = string.sub(change, 2)
                elseif values[key] then
                    reply[#reply + 1] = key
                    reply[#reply + 1] = values[key]
                    values[key] = nil
                end
            end
            local packed, bytes = {}, 0
            for key, value in pairs(values) do
                packed[#packed + 1] = with_length(key) .. with_length(value)
                bytes = bytes + #key + #value
            end
            if max_bytes >= 0 and bytes > max_bytes then
                return { TOO_LARGE, record }
            end

            if shown_secret ~= '' then
                if part.rotation == '' then
                    part.rotation = NO_INSTANT .. shown_at
                elseif string.sub(part.rotation, 8, 14) == NO_INSTANT then
                    part.rotation = string.sub(part.rotation, 1, 7) .. shown_at .. string.sub(part.rotation, 15)
                end
            end
            if expected_secret ~= '' then
                part.secret, part.rotation = next_secret, next_rotation
            end
            if next_client ~= '' then
                part.last_client = next_client == part.client and '' or next_client
            end
            local user = user_of(record)
            local index = prefix .. user
            local moved = next_authentication ~= ''
            if moved then
                part.authentication, part.expires, part.ends = next_authentication, next_expires, next_ends
                if user ~= '' then
                    -- Fails while the two are on different nodes.
                    redis.call('EXISTS', session, index)
                end
            end

            reply[2] = write(part, table.concat(packed))
            redis.call('SET', session, reply[2], 'KEEPTTL')
            if moved then
                local expires = struct.unpack('>i7', part.expires)
                extend(session, expires, now, tolerance)
                if user ~= '' then
                    note(index, id, expires, now, tolerance)
                end
            end
            if channel ~= '' then
                tell(channel, 'C', string.sub(session, -24, -22), { id })
            end
            return reply
            """
    );

    /// <inheritdoc />
    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var reply = (RedisResult[])
            (await RunAsync(UpdateScript, [_keys.Session(id)], CreateUpdateArguments(id, patch), cancellationToken).ConfigureAwait(false))!;
        var outcome = (SessionUpdateOutcome)(int)reply[0];
        var session = reply.Length < 2 ? null : Read(id, (byte[])reply[1]!);
        if (outcome == SessionUpdateOutcome.Gone || session is null)
        {
            return SessionUpdate.Gone;
        }

        var removed = reply.Skip(2).Chunk(2).Select(static pair => KeyValuePair.Create((string)pair[0]!, (string)pair[1]!));
        return new()
        {
            Outcome = outcome,
            Session = session,
            Removed = SessionValues.From(removed),
        };
    }

    private RedisValue[] CreateUpdateArguments(SessionId id, SessionPatch patch)
    {
        var rotation = patch.Rotation;
        var proof = patch.Reauthentication;
        var changes = patch.Values.Changes;
        return
        [
            RedisSessionKeys.Member(id),
            _keys.IndexPrefix(id.Shard),
            Now,
            Tolerance,
            rotation?.Expected.ToArray() ?? [],
            rotation?.Next.ToArray() ?? [],
            rotation is null ? [] : SessionRecordPart.Write(rotation),
            patch.Confirmation?.Secret.ToArray() ?? [],
            patch.Confirmation is null ? [] : SessionRecordPart.Write(patch.Confirmation.At),
            patch.LastClient is null ? [] : SessionRecordPart.Write(patch.LastClient),
            proof is null ? [] : SessionRecordPart.Write(proof),
            proof is null ? [] : SessionRecordPart.Write(proof.ExpiresAt),
            proof is null ? [] : SessionRecordPart.Write(proof.EndsAt),
            // A patch that sets nothing is never too large.
            changes.Values.Any(static value => value is not null)
                ? patch.MaxValuesBytes ?? -1
                : -1,
            patch.Values.Expected.Count,
            patch.IsPublished ? _keys.ChangeChannel : "",
            .. Pairs(patch.Values.Expected),
            .. Pairs(changes),
        ];
    }

    /// <summary>Keys and values one after the other. A sign before a value tells an empty one from none.</summary>
    private static IEnumerable<RedisValue> Pairs(IEnumerable<KeyValuePair<string, string?>> pairs) =>
        pairs.SelectMany(static pair => new RedisValue[] { pair.Key, pair.Value is null ? "" : "=" + pair.Value });
}
