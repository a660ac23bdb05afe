using Sessions.Tests.Testing.Faults;

namespace Sessions.Tests.Testing;

/// <content>Faults that show when the backend fails or a record is damaged.</content>
public sealed partial class SuiteFaultDetectionTests
{
    private const string Failing = "A_failure_of_the_backend_is_a_SessionStoreException_with_the_exception_of_the_driver_inside";

    private static readonly Fault[] s_outages =
    [
        Conformance<ThrowsTheDriversException>(Failing),
        Conformance<OmitsTheDriversException>(Failing),
        Conformance<FindsNothingWhenTheDriverFails>(Failing),
        Conformance<LosesTouchesWhenTheDriverFails>(Failing),
        Conformance<FindsNothingWhenTheDriverFails>("Of_calls_at_once_that_a_failure_meets_each_fails_and_none_waits_for_ever"),
        Conformance<PreparesInSpiteOfAFailure>("Preparing_a_backend_that_fails_throws_and_may_be_tried_again"),
        Conformance<PreparesByStartingAnew>("Preparing_again_and_on_another_node_leaves_what_is_stored_as_it_is"),
        Conformance<PreparesByStartingAnew>("Calls_may_come_before_and_while_a_fresh_backend_is_prepared"),
        Conformance<ReportsNoUnreadableRecord>("A_record_that_cannot_be_read_is_not_fetched_and_is_reported"),
        Conformance<ReadsWhatIsLeftOfARecord>("A_record_that_cannot_be_read_is_not_fetched_and_is_reported"),
        Conformance<ReadsWhatIsLeftOfARecord>("A_record_that_cannot_be_read_is_on_no_list_and_no_page"),
        Conformance<ReadsWhatIsLeftOfARecord>("A_record_that_cannot_be_read_is_neither_updated_nor_touched"),
        Conformance<CountsUnreadableRecords>("A_record_that_cannot_be_read_counts_for_no_limit_and_no_limit_ends_it"),
        Conformance<OverwritesAnUnreadableRecord>("A_record_that_cannot_be_read_takes_its_id_and_is_not_replaced"),
        Conformance<LeavesAnUnreadableRecordOnDelete>("A_record_that_cannot_be_read_is_deleted_by_its_id_but_not_returned"),
        Conformance<LeavesUnreadableRecordsOnDeleteAll>(
            "A_record_that_cannot_be_read_is_deleted_with_the_others_of_its_user_but_not_returned"
        ),
        Conformance<SparesAnUnreadableException>("With_an_exception_that_cannot_be_read_nothing_is_deleted"),
        Conformance<NeverSweepsUnreadableRecords>("A_record_that_cannot_be_read_is_swept_at_its_expiry_but_neither_returned_nor_counted"),
        Conformance<CountsUnreadableRecordsAsSwept>("A_record_that_cannot_be_read_is_swept_at_its_expiry_but_neither_returned_nor_counted"),
    ];
}
