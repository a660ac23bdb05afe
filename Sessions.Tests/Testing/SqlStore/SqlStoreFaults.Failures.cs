namespace Sessions.Tests.Testing.SqlStore;

/// <content>Limits, pages and failures.</content>
internal static partial class SqlStoreFaults
{
    private static readonly SqlStoreFault[] s_limits =
    [
        new(
            "counts the new session twice",
            "FindByUser(sql, session.UserKey).Where(other => other.Id != session.Id).ToList()",
            "FindByUser(sql, session.UserKey)",
            "Up_to_the_limit_nothing_is_ended_or_refused",
            "SessionLimitException"
        ),
        new(
            "counts the replaced session",
            "others.Where(other => other != replaced)",
            "others",
            "A_session_that_is_replaced_does_not_count_for_the_limit",
            "SessionLimitException"
        ),
        new(
            "replaces the session of any user",
            "others.Find(other => other.Id == replaces)",
            "replaces is { } held ? Find(sql, held).Session : null",
            "A_session_of_another_user_or_a_visitor_is_not_replaced",
            "Session"
        ),
        new(
            "deletes all though the exception is gone",
            "except is { } spared && Find(sql, spared).Session?.UserKey != userKey",
            "except is { } && userKey.Length == 0",
            "With_an_exception_that_is_unknown_nothing_is_deleted",
            "null"
        ),
        new(
            "returns all values, whichever are wanted",
            ".ConvertAll(session => session.WithValues(valueKeys))",
            "",
            "A_list_comes_with_the_values_whose_keys_are_wanted",
            "Values"
        ),
        new(
            "pages that begin with the last session of the page before",
            "WHERE id > @after ORDER BY",
            "WHERE id >= @after ORDER BY",
            "Pages_show_every_live_session_of_users_and_visitors_in_order_of_id",
            "the pages never end"
        ),
        new(
            "pages without visitors",
            "WHERE id > @after ORDER BY",
            "WHERE user_key IS NOT NULL AND id > @after ORDER BY",
            "Pages_show_every_live_session_of_users_and_visitors_in_order_of_id",
            "elements"
        ),
        new(
            "pages in no order",
            "ORDER BY id LIMIT @count",
            "ORDER BY created_at LIMIT @count",
            "Pages_show_every_live_session_of_users_and_visitors_in_order_of_id",
            "Session"
        ),
    ];

    private static readonly SqlStoreFault[] s_failures =
    [
        new(
            "an empty answer for a failure of the driver",
            """throw StoreFailure.Create("SQLite", e);""",
            "_ = e;\n            return default!;",
            "A_failure_of_the_backend_is_a_SessionStoreException_with_the_exception_of_the_driver_inside",
            "though the backend fails"
        ),
        new(
            "the driver's exception as it is",
            """throw StoreFailure.Create("SQLite", e);""",
            "_ = e;\n            throw;",
            "A_failure_of_the_backend_is_a_SessionStoreException_with_the_exception_of_the_driver_inside",
            "threw the exception of the driver as it is"
        ),
        new(
            "no exception inside",
            """throw StoreFailure.Create("SQLite", e);""",
            "throw new SessionStoreException(e.Message);",
            "A_failure_of_the_backend_is_a_SessionStoreException_with_the_exception_of_the_driver_inside",
            "without the driver's inside"
        ),
        new(
            "the schema is made without the store knowing that it failed",
            "await RunAsync(static _ => true, writes: false, cancellationToken);",
            "await Task.CompletedTask;",
            "Preparing_a_backend_that_fails_throws_and_may_be_tried_again",
            "PrepareAsync returned"
        ),
        new(
            "throws for a record that cannot be read",
            "_reporter.ReadOrDefault(row, static row => row.ToSession(), static row => row.Id)",
            "row.ToSession()",
            "A_record_that_cannot_be_read_is_not_fetched_and_is_reported",
            "FormatException"
        ),
        new(
            "reports no record that cannot be read",
            "_reporter.ReadOrDefault",
            "((CorruptRecordReporter?)null).ReadOrDefault",
            "A_record_that_cannot_be_read_is_not_fetched_and_is_reported",
            "Reporter of its backend"
        ),
        new(
            "stops a sweep at records that cannot be read",
            "RowCount = rows.Count,",
            "RowCount = rows.Select(ReadSession).OfType<Session>().Count(),",
            "A_record_that_cannot_be_read_is_swept_at_its_expiry_but_neither_returned_nor_counted",
            "property Count equal to"
        ),
        new(
            "publishes what changed nothing that a cache holds",
            "if (patch.IsPublished)",
            "if (row.Id.Length > 0)",
            "Creating_reading_touching_and_recording_the_client_are_not_published",
            "<Changed"
        ),
    ];
}
