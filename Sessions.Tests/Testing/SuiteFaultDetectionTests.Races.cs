using Sessions.Tests.Testing.Faults;

namespace Sessions.Tests.Testing;

/// <content>Faults that only calls at once show.</content>
public sealed partial class SuiteFaultDetectionTests
{
    private static readonly Fault[] s_races =
    [
        Races<CreatesInTwoSteps>("Of_creates_of_one_id_exactly_one_wins"),
        Races<CountsInOneStepAndCreatesInAnother>("Creates_at_once_never_exceed_a_limit_that_ends_the_oldest"),
        Races<CountsInOneStepAndCreatesInAnother>("Creates_at_once_never_exceed_a_limit_that_refuses"),
        Races<StoresASessionOnlyWithTheNext>("Of_200_logins_of_one_user_at_once_all_are_listed"),
        Races<UpdatesInTwoSteps>("Patches_of_different_keys_and_touches_lose_nothing_of_each_other"),
        Races<UpdatesInTwoSteps>("Of_patches_that_expect_the_same_value_one_is_applied"),
        Races<UpdatesInTwoSteps>("Of_patches_that_expect_a_value_to_be_absent_one_is_applied"),
        Races<UpdatesInTwoSteps>("Of_changes_of_one_credential_one_is_applied"),
        Races<UpdatesInTwoSteps>("Of_calls_that_take_one_value_one_gets_it"),
        Races<UpdatesInTwoSteps>("An_update_never_brings_back_a_session_that_is_deleted"),
        Races<TouchesInTwoSteps>("A_touch_never_brings_back_a_session_that_is_deleted"),
        Races<TouchesInTwoSteps>("Patches_of_different_keys_and_touches_lose_nothing_of_each_other"),
        Races<DeletesInTwoSteps>("Of_calls_that_end_a_session_one_returns_it"),
        Races<DeletesInTwoSteps>("Of_deletes_of_many_sessions_each_is_returned_once"),
        Races<DeletesAllOneByOne>("No_list_and_no_row_of_fetches_shows_a_part_of_a_delete_all"),
        Races<ListsBeforeItDeletesAll>("Delete_all_among_logins_leaves_no_session_that_was_there_before_it"),
        Races<StoresASessionOnlyWithTheNext>("Delete_all_among_logins_leaves_no_session_that_was_there_before_it"),
        Races<ChecksTheExceptionInAnEarlierStep>("Of_sessions_that_each_delete_all_but_themselves_one_is_left"),
        Races<StopsDeletingWhenTheExceptionIsGone>("Delete_all_but_a_session_that_is_deleted_meanwhile_deletes_all_others_or_none"),
        Races<ComparesUserKeysIgnoringCase>("Concurrent_deletions_of_all_but_one_leave_exactly_that_one"),
        Races<SweepsInTwoSteps>("A_sweep_does_not_delete_a_session_that_slides_meanwhile"),
        Races<ReturnsASessionFromEachOfTwoSweeps>(
            "Of_sweeps_at_once_each_session_is_returned_by_one_and_what_they_passed_over_by_a_later_one"
        ),
        Races<PrunesByItsOwnClockWhenItCreates>(
            "A_node_whose_clock_is_40_minutes_ahead_neither_ends_sessions_early_nor_hides_them_from_delete_all"
        ),
        Races<DeletesOnlyWhatIsLiveByItsOwnClock>(
            "A_node_whose_clock_is_40_minutes_ahead_neither_ends_sessions_early_nor_hides_them_from_delete_all"
        ),
        Races<PagesByPosition>("Pages_read_among_logins_and_logouts_show_every_session_that_lives_throughout"),
    ];
}
