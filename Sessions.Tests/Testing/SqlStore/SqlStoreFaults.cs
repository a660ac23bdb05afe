namespace Sessions.Tests.Testing.SqlStore;

/// <summary>What is usually wrong in a SQL store, and what finds it.</summary>
internal static partial class SqlStoreFaults
{
    public static IEnumerable<SqlStoreFault> All =>
        [.. s_transactions, .. s_comparisons, .. s_expiry, .. s_markers, .. s_limits, .. s_failures];

    private static readonly SqlStoreFault[] s_transactions =
    [
        new(
            "no transaction",
            "using var transaction = connection.BeginTransaction(deferred: !writes);",
            "",
            "At_the_limit_another_session_is_refused_and_nothing_is_changed",
            "A refused session is not stored"
        )
        {
            Also = ("transaction.Commit();", ""),
        },
        new(
            "takes the lock for writing only with the first write",
            "deferred: !writes",
            "deferred: true",
            "Of_patches_that_expect_the_same_value_one_is_applied",
            "database is locked"
        )
        {
            IsRace = true,
        },
        new("forgets to commit", "transaction.Commit();", "", "A_created_session_is_fetched", "The session is not there"),
        new(
            "a new session without its tags",
            "InsertTags(sql, session.Id, session.Tags);",
            "",
            "A_session_is_found_by_its_tag_until_the_instant_of_its_expiry",
            "with 0 elements"
        ),
        new(
            "ignores a cancelled token",
            "cancellationToken.ThrowIfCancellationRequested();",
            "",
            "A_read_that_was_cancelled_before_returns_nothing",
            "OperationCanceledException"
        ),
        new(
            "overwrites a taken id",
            "ON CONFLICT (id) DO NOTHING",
            "ON CONFLICT (id) DO UPDATE SET record = excluded.record",
            "A_taken_id_is_refused_and_nothing_is_changed",
            "The id is taken"
        ),
        new(
            "passes over a taken id",
            "if (inserted == 0)",
            "if (inserted < 0)",
            "A_taken_id_is_refused_and_nothing_is_changed",
            "The id is taken"
        ),
    ];

    private static readonly SqlStoreFault[] s_comparisons =
    [
        new(
            "user keys that ignore case",
            "user_key TEXT, created_at",
            "user_key TEXT COLLATE NOCASE, created_at",
            "User_keys_compare_byte_for_byte",
            "UserKey 'ann'"
        ),
        new(
            "user keys that ignore trailing blanks",
            "user_key TEXT, created_at",
            "user_key TEXT COLLATE RTRIM, created_at",
            "User_keys_compare_byte_for_byte",
            "UserKey 'ann'"
        ),
        new(
            "user keys that are patterns",
            "FROM sessions WHERE user_key = @user",
            "FROM sessions WHERE user_key LIKE @user",
            "User_keys_compare_byte_for_byte",
            "UserKey 'ann'"
        ),
        new(
            "ids that ignore case",
            "id TEXT PRIMARY KEY, user_key",
            "id TEXT COLLATE NOCASE PRIMARY KEY, user_key",
            "Ids_compare_byte_for_byte",
            "aaaaaaaaaaaaaaaaaaaaaaaa"
        ),
        new(
            "tags that ignore case",
            "name TEXT, value TEXT, id",
            "name TEXT, value TEXT COLLATE NOCASE, id",
            "Tags_compare_byte_for_byte",
            "Tags"
        ),
        new(
            "finds by the name of a tag",
            "USING (id) WHERE name = @name AND value = @value",
            "USING (id) WHERE name = @name",
            "One_name_stands_with_several_values",
            "Tags"
        ),
        new(
            "deletes by the name of a tag",
            "FROM session_tags WHERE name = @name AND value = @value)",
            "FROM session_tags WHERE name = @name)",
            "Delete_by_tag_does_not_change_other_sessions",
            "2"
        ),
        new(
            "a comparison with NULL that is never true",
            """("@except", $"{except}")""",
            """("@except", except?.ToString())""",
            "Delete_all_ends_every_session_of_a_user_and_returns_them_oldest_first",
            "elements"
        ),
    ];
}
