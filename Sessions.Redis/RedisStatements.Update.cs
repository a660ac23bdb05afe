using System.Globalization;
using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Changing a session as <see cref="SessionPatch.ApplyTo"/> says.</content>
internal static partial class RedisStatements
{
    /// <summary>The arguments of <see cref="Update"/>, in order; pairs of expectations and then of changes follow. In Lua they have the same names.</summary>
    public enum UpdateArgument
    {
        Id,
        IndexPrefix,
        Now,
        Tolerance,
        ExpectedSecret,
        NextSecret,
        NextRotation,
        ConfirmedSecret,
        ConfirmedAt,
        NextClient,
        NextAuthentication,
        NextExpiresAt,
        NextEndsAt,
        MaxBytes,
        ExpectationCount,
        Channel,
    }

    /// <summary>In place of a limit: there is none.</summary>
    public const int NoLimit = -1;

    // A key, and what is said of it.
    private const int PairLength = 2;

    /// <summary>How many arguments <see cref="Update"/> has before the pairs.</summary>
    public static int UpdateArgumentCount => Enum.GetValues<UpdateArgument>().Length;

    /// <summary>Applies a patch: the outcome, the record as it is stored now, and in turn the keys and values that were removed.</summary>
    public static RedisScript Update { get; } =
        new(
            $$"""
            #!lua
            {{Live}}
            {{Sections}}
            {{Extend}}
            {{Publish}}
            local {{UpdateArgumentNames}} = unpack(ARGV, 1, {{UpdateArgumentCount}})
            now, tolerance, max_bytes, expectation_count = tonumber(now), tonumber(tolerance), tonumber(max_bytes), tonumber(expectation_count)
            local session = KEYS[1]
            local NO_INSTANT = struct.pack('{{InstantFormat}}', {{NoInstant}})
            local SECTIONS = { {{UpdateSections}} }

            local function read(record)
                local part = {}
                part.version, part.flags, part.seen, part.expires, part.ends, part.created, part.secret, part.lineage
                    = struct.unpack('{{HeaderFormat}}', record)
                local at = {{Lua(HeaderLength)}}
                for _, section_of in ipairs(SECTIONS) do
                    part[section_of.name] = ''
                    if has(record, section_of.flag) then
                        part[section_of.name], at = section(record, at)
                    end
                end
                part.values = at
                return part
            end

            local function with_length(text)
                local length = #text < {{LongLengthMark}} and string.char(#text) or struct.pack('>BI{{LongLengthSize}}', {{LongLengthMark}}, #text)
                return length .. text
            end

            local function write(part, values)
                local flags, sections = bit.band(part.flags, {{(int)(SessionRecordFlags.Persistent | SessionRecordFlags.UserIsGuid)}}), {}
                for _, section_of in ipairs(SECTIONS) do
                    if part[section_of.name] ~= '' then
                        flags = flags + section_of.flag
                        sections[#sections + 1] = with_length(part[section_of.name])
                    end
                end
                return struct.pack('{{HeaderFormat}}', part.version, flags, part.seen, part.expires, part.ends, part.created, part.secret, part.lineage)
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
                return { {{(int)SessionUpdateOutcome.Gone}} }
            end
            if not live(record, now) then
                return { {{(int)SessionUpdateOutcome.Gone}}, record }
            end
            local readable, part = pcall(read, record)
            local values
            if readable then
                readable, values = pcall(read_values, record, part.values)
            end
            if not readable then
                return { {{(int)SessionUpdateOutcome.Gone}}, record }
            end

            if expected_secret ~= '' and expected_secret ~= part.secret or confirmed_secret ~= '' and confirmed_secret ~= part.secret then
                return { {{(int)SessionUpdateOutcome.Conflict}}, record }
            end
            local next_pair = {{UpdateArgumentCount}}
            local function read_pair()
                local before = next_pair
                next_pair = before + {{PairLength}}
                return unpack(ARGV, before + 1, next_pair)
            end
            for _ = 1, expectation_count do
                local key, expected = read_pair()
                local value = values[key]
                if expected ~= (value and '=' .. value or '') then
                    return { {{(int)SessionUpdateOutcome.Conflict}}, record }
                end
            end

            local removed = {}
            while next_pair < #ARGV do
                local key, change = read_pair()
                if change ~= '' then
                    values[key] = string.sub(change, #'=' + 1)
                elseif values[key] then
                    removed[#removed + 1] = key
                    removed[#removed + 1] = values[key]
                    values[key] = nil
                end
            end
            local packed, bytes = {}, 0
            for key, value in pairs(values) do
                packed[#packed + 1] = with_length(key) .. with_length(value)
                bytes = bytes + #key + #value
            end
            if max_bytes ~= {{NoLimit}} and bytes > max_bytes then
                return { {{(int)SessionUpdateOutcome.TooLarge}}, record }
            end

            if confirmed_secret ~= '' then
                if part.rotation == '' then
                    part.rotation = NO_INSTANT .. confirmed_at
                elseif string.sub(part.rotation, {{Lua(RotationConfirmedAtOffset)}}, {{RotationPreviousOffset}}) == NO_INSTANT then
                    part.rotation = string.sub(part.rotation, 1, {{RotationConfirmedAtOffset}}) .. confirmed_at
                        .. string.sub(part.rotation, {{Lua(RotationPreviousOffset)}})
                end
            end
            if expected_secret ~= '' then
                part.secret, part.rotation = next_secret, next_rotation
            end
            if next_client ~= '' then
                part.last_client = next_client == part.client and '' or next_client
            end
            local user = user_of(record)
            local index = index_prefix .. user
            local moved = next_authentication ~= ''
            if moved then
                part.authentication, part.expires, part.ends = next_authentication, next_expires_at, next_ends_at
                if user ~= '' then
                    -- Fails while the two are on different nodes.
                    redis.call('EXISTS', session, index)
                end
            end

            local changed = write(part, table.concat(packed))
            redis.call('SET', session, changed, 'KEEPTTL')
            if moved then
                local expires = struct.unpack('{{InstantFormat}}', part.expires)
                extend(session, expires, now, tolerance)
                if user ~= '' then
                    index_session(index, id, expires, now, tolerance)
                end
            end
            if channel ~= '' then
                {{PublishOne(SessionChangeMessage.Changed)}}
            end
            return { {{(int)SessionUpdateOutcome.Applied}}, changed, removed }
            """
        );

    private static string UpdateArgumentNames => string.Join(", ", Enum.GetNames<UpdateArgument>().Select(FormatLuaName));

    // From the user key on, in the order of the record.
    private static string UpdateSections =>
        string.Join(
            ", ",
            Enum.GetValues<SessionRecordFlags>()
                .Where(static flag => flag >= SessionRecordFlags.User)
                .Select(static flag => $"{{ name = '{FormatLuaName(flag.ToString())}', flag = {(int)flag} }}")
        );

    private static string FormatLuaName(string name) =>
        string.Concat(
            name.Select(
                static (letter, i) =>
                    char.IsAsciiLetterUpper(letter)
                        ? $"{(i == 0 ? "" : "_")}{char.ToLower(letter, CultureInfo.InvariantCulture)}"
                        : letter.ToString()
            )
        );
}
