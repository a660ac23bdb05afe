using System.Globalization;
using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Changing a session as <see cref="SessionPatch.ApplyTo"/> says.</content>
internal static partial class RedisStatements
{
    /// <summary>
    /// The arguments of <see cref="Update"/>, in order; pairs of expectations and then of changes follow. In Lua they have the same names.
    /// </summary>
    public enum UpdateArgument
    {
        Id,
        IndexPrefix,
        Now,
        Tolerance,
        ExpectedCredential,
        NextCredential,
        TagCheck,
        ExpectedTags,
        NextTags,
        ExpectedEndsAt,
        NextClient,
        NextAuthentication,
        NextExpiresAt,
        NextEndsAt,
        MaxBytes,
        ExpectationCount,
        Channel,
    }

    /// <summary>
    /// An outcome beside those of <see cref="SessionUpdateOutcome"/>: the tags, or the end that they are indexed by, are not those that the
    /// caller has read. Nothing was changed.
    /// </summary>
    public const int TagsDiffer = -1;

    /// <summary>What <see cref="UpdateArgument.TagCheck"/> says when the session has its full number of tags already.</summary>
    public const string TooManyTags = "full";

    // A key and its value.
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

            local function read(record)
                local part = { sections = {}, last = 0 }
                part.version, part.flags, part.seen, part.expires, part.ends, part.created = struct.unpack('{{HeaderFormat}}', record)
                local at = {{Lua(HeaderLength)}}
                while at <= #record do
                    local number = string.byte(record, at)
                    assert(number > part.last)
                    part.last = number
                    part.sections[number], at = section(record, at + {{SectionNumberSize}})
                end
                return part
            end

            local function with_length(text)
                local length = #text < {{LongLengthMark}} and string.char(#text) or struct.pack('>BI{{LongLengthSize}}', {{LongLengthMark}}, #text)
                return length .. text
            end

            local function write(part)
                local sections = {}
                for number = 1, math.max(part.last, {{(int)SessionRecordSection.Marker}}) do
                    local content = part.sections[number]
                    if content and content ~= '' then
                        sections[#sections + 1] = string.char(number) .. with_length(content)
                    end
                end
                return struct.pack('{{HeaderFormat}}', part.version, part.flags, part.seen, part.expires, part.ends, part.created)
                    .. table.concat(sections)
            end

            local function read_values(text)
                local values, at = {}, 1
                while at <= #text do
                    local key, value
                    key, at = section(text, at)
                    value, at = section(text, at)
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
                readable, values = pcall(read_values, part.sections[{{(int)SessionRecordSection.Values}}] or '')
            end
            if not readable then
                return { {{(int)SessionUpdateOutcome.Gone}}, record }
            end

            if expected_credential ~= '' and expected_credential ~= part.sections[{{(int)SessionRecordSection.Credential}}] then
                return { {{(int)SessionUpdateOutcome.Conflict}}, record }
            end
            local tags = part.sections[{{(int)SessionRecordSection.Tags}}] or ''
            local is_indexed = tag_check ~= '' and tags == expected_tags and part.ends == expected_ends_at
            if not is_indexed and (tag_check ~= '' or tags ~= '' and next_authentication ~= '') then
                return { {{TagsDiffer}} }
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

            if tag_check == '{{TooManyTags}}' then
                return { {{(int)SessionUpdateOutcome.TooLarge}}, record }
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

            part.sections[{{(int)SessionRecordSection.Values}}] = table.concat(packed)
            if tag_check ~= '' then
                part.sections[{{(int)SessionRecordSection.Tags}}] = next_tags
            end
            if next_credential ~= '' then
                part.sections[{{(int)SessionRecordSection.Credential}}] = next_credential
            end
            if next_client ~= '' then
                local client = part.sections[{{(int)SessionRecordSection.Client}}] or {{FormatLuaText(UnknownClient)}}
                part.sections[{{(int)SessionRecordSection.LastClient}}] = next_client ~= client and next_client or nil
            end
            local user = user_of(record)
            local index = index_prefix .. user
            local moved = next_authentication ~= ''
            if moved then
                part.sections[{{(int)SessionRecordSection.Authentication}}] = next_authentication
                part.expires, part.ends = next_expires_at, next_ends_at
                if user ~= '' then
                    -- Fails while the two are on different nodes.
                    redis.call('EXISTS', session, index)
                end
            end

            local changed = write(part)
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

    // A client of which nothing is known has no section.
    private static byte[] UnknownClient => SessionRecordPart.Write(ClientInfo.Unknown);

    private static string FormatLuaText(byte[] bytes) => $"'{string.Concat(bytes.Select(static value => $"\\{value:d3}"))}'";

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
