using Sessions.Stores;
using static Sessions.Stores.SessionRecordLayout;

namespace Sessions.Redis;

/// <content>Deleting by id and by tag.</content>
internal static partial class RedisStatements
{
    /// <summary>Deletes a session, or leaves a marker in its place if it is alive: its record.</summary>
    public static RedisScript Delete { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Sections}}
            {{Publish}}
            local session = KEYS[1]
            local id, prefix, channel, now, marker, marker_ttl = unpack(ARGV)
            local record = redis.call('GET', session)
            if not record or is_marker(record) then
                return false
            end
            local readable, user = pcall(user_of, record)
            if readable and user ~= '' then
                -- Fails while the two are on different nodes.
                redis.call('EXISTS', session, prefix .. user)
                redis.call('ZREM', prefix .. user, id)
            end
            if marker ~= '' and live(record, tonumber(now)) then
                redis.call('SET', session, marker, 'PX', marker_ttl)
            else
                redis.call('UNLINK', session)
            end
            {{PublishOne(SessionChangeMessage.Ended)}}
            return record
            """
        );

    /// <summary>Deletes those of some sessions of a shard that have a tag: their keys and records in turn.</summary>
    public static RedisScript DeleteTagged { get; } =
        new(
            $$"""
            #!lua flags=allow-oom
            {{Live}}
            {{Sections}}
            {{Publish}}
            local prefix, channel, name, value = unpack(ARGV)

            local function has_tag(tags)
                local at = 1
                while at <= #tags do
                    local tag_name, tag_value
                    tag_name, at = section(tags, at)
                    tag_value, at = section(tags, at)
                    if tag_name == name and tag_value == value then
                        return true
                    end
                end
                return false
            end

            local function is_tagged(record)
                local at = {{Lua(HeaderLength)}}
                while at <= #record do
                    local number, content = string.byte(record, at)
                    content, at = section(record, at + {{SectionNumberSize}})
                    if number == {{(int)SessionRecordSection.Tags}} then
                        return has_tag(content)
                    end
                end
                return false
            end

            local found = {}
            for i, record in ipairs(redis.call('MGET', unpack(KEYS))) do
                if known(record) and not is_marker(record) then
                    local readable, tagged = pcall(is_tagged, record)
                    if readable and tagged then
                        local user = user_of(record)
                        -- Fails while the two are on different nodes.
                        redis.call('EXISTS', KEYS[i], user ~= '' and prefix .. user or KEYS[i])
                        found[#found + 1] = { session = KEYS[i], record = record, user = user }
                    end
                end
            end
            local rows, ids = {}, {}
            for i, one in ipairs(found) do
                local id = string.sub(one.session, -{{RedisSessionKeys.MemberLength}})
                if one.user ~= '' then
                    redis.call('ZREM', prefix .. one.user, id)
                end
                redis.call('UNLINK', one.session)
                ids[i] = id
                rows[#rows + 1] = one.session
                rows[#rows + 1] = one.record
            end
            publish(channel, '{{SessionChangeMessage.Ended}}', string.sub(KEYS[1], -{{SessionId.Length}}, -{{RedisSessionKeys.MemberLength
                + 1}}), ids)
            return rows
            """
        );

    private static string PublishOne(string kind) =>
        $$"""publish(channel, '{{kind}}', string.sub(session, -{{SessionId.Length}}, -{{RedisSessionKeys.MemberLength + 1}}), { id })""";
}
