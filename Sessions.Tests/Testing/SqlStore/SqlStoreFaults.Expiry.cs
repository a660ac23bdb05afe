namespace Sessions.Tests.Testing.SqlStore;

/// <content>Expiry, markers and tags.</content>
internal static partial class SqlStoreFaults
{
    private static readonly SqlStoreFault[] s_expiry =
    [
        new(
            "lives at the instant of its expiry",
            "WHERE id = @id AND expires_at > @now\"",
            "WHERE id = @id AND expires_at >= @now\"",
            "From_the_instant_of_its_expiry_a_session_is_neither_fetched_nor_listed",
            "ExpiresAt"
        ),
        new(
            "lists at the instant of its expiry",
            "OfType<Session>().ToLiveList(_time.GetUtcNow())",
            "OfType<Session>().ToLiveList(_time.GetUtcNow().AddMilliseconds(-1))",
            "From_the_instant_of_its_expiry_a_session_is_neither_fetched_nor_listed",
            "ExpiresAt"
        ),
        new(
            "asks the clock of the machine",
            "private long Now => _time.",
            "private long Now => TimeProvider.System.",
            "From_the_instant_of_its_expiry_a_session_is_neither_fetched_nor_listed",
            "ExpiresAt"
        ),
        new(
            "instants in seconds",
            """("@expires", session.ExpiresAt.ToUnixTimeMilliseconds()),""",
            """("@expires", session.ExpiresAt.ToUnixTimeSeconds() * 1000),""",
            "Every_field_comes_back_as_it_went_in",
            "ExpiresAt is"
        ),
        new(
            "sweeps what has only just expired",
            """("@expired_by", expiredBy.ToUnixTimeMilliseconds())""",
            """("@expired_by", Now)""",
            "A_sweep_deletes_what_expired_as_long_ago_as_clocks_may_differ",
            "ExpiresAt"
        ),
        new(
            "sweeps without a limit",
            "WHERE expires_at <= @expired_by LIMIT @count)",
            "WHERE expires_at <= @expired_by)",
            "A_sweep_deletes_no_more_than_its_limit",
            "property Count equal to 2"
        ),
        new(
            "touches what has expired",
            "AND marker = 0 AND expires_at > @now",
            "AND marker = 0",
            "A_touch_does_not_bring_back_what_has_expired",
            "ExpiresAt"
        ),
        new(
            "touches backwards",
            "last_seen_at = max(last_seen_at, @seen)",
            "last_seen_at = @seen",
            "A_touch_moves_nothing_back",
            "LastSeenAt is"
        ),
        new(
            "touches past the absolute end",
            "min(@expires, ends_at)",
            "@expires",
            "A_touch_moves_no_expiry_past_the_absolute_end",
            "ExpiresAt is"
        ),
        new(
            "reads last use from the record",
            "return SessionRecord.Read(touch, Record);",
            "return SessionRecord.Read(touch.Id, Record);",
            "A_touch_moves_last_use_and_expiry_and_nothing_else",
            "LastSeenAt is"
        ),
        new(
            "does not move the expiry with a reauthentication",
            "SET expires_at = @expires, ends_at = @ends, record",
            "SET record",
            "Reauthentication_moves_the_end_of_a_session",
            "ExpiresAt is"
        ),
        new(
            "updates what has expired",
            "Read([row]) is not [var session]",
            "ReadSession(row) is not { } session",
            "From_the_instant_of_its_expiry_a_session_is_not_updated_or_brought_back",
            "<Gone>"
        ),
        new(
            "deletes with delete all only what is alive",
            "\"user_key = @user AND id <> @except\"",
            "$\"user_key = @user AND id <> @except AND expires_at > {Now}\"",
            "Delete_all_deletes_expired_records_too_but_does_not_return_them",
            "A record of the id is left"
        ),
    ];

    private static readonly SqlStoreFault[] s_markers =
    [
        new(
            "loses the tags of a patch",
            "InsertTags(sql, id, patch.Tags);",
            "",
            "A_session_is_found_by_a_tag_that_a_patch_added",
            "with 0 elements"
        ),
        new(
            "leaves no marker",
            "leaves != SessionMarker.None && Find",
            "leaves == (SessionMarker)9 && Find",
            "A_deletion_leaves_the_marker_that_it_is_told_to_leave",
            "<marker Replaced>"
        ),
        new(
            "a marker that lives as long as a session",
            "(_time.GetUtcNow() + SessionMarkerLifetime.Duration)",
            "session.ExpiresAt",
            "A_marker_is_found_until_the_instant_two_minutes_after_the_end",
            "<marker Replaced>"
        ),
        new(
            "a marker that is the user's",
            "SET user_key = NULL, marker",
            "SET marker",
            "A_deletion_does_not_return_a_marker_and_leaves_it_as_it_is",
            "<marker Replaced>"
        ),
        new(
            "deletes a marker",
            "\"id = @id AND marker = 0\"",
            "\"id = @id\"",
            "A_deletion_does_not_return_a_marker_and_leaves_it_as_it_is",
            "<marker Replaced>"
        ),
        new(
            "touches a marker",
            "WHERE id = @id AND marker = 0 AND expires_at",
            "WHERE id = @id AND expires_at",
            "A_marker_is_not_touched_or_updated",
            "<marker Replaced>"
        ),
        new(
            "lists in the order of the table",
            "rows.Select(ReadSession).OfType<Session>().ToLiveList(_time.GetUtcNow())",
            "rows.Select(ReadSession).OfType<Session>().Where(session => !session.IsExpired(_time.GetUtcNow())).ToList()",
            "Sessions_of_all_users_and_visitors_are_found_by_a_tag_the_earliest_created_first",
            "CreatedAt"
        ),
    ];
}
