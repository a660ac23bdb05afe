using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores.Providers;

public sealed class SessionSweepingTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly List<(DateTimeOffset ExpiredBy, int Count)> _calls = [];

    [SetUp]
    public void Clear() => _calls.Clear();

    [Test]
    public async Task A_batch_that_is_not_full_ends_the_sweep()
    {
        var now = _clock.UtcNow;

        Assert.That(await SweepAsync(10, (9, 9)), Has.Count.EqualTo(9));

        Assert.That(_calls, Is.EqualTo([(now - ClockTolerance.Deletion, 10)]));
    }

    [Test]
    public async Task Rows_that_brought_no_session_are_made_up_for_by_further_batches()
    {
        Assert.That(await SweepAsync(10, (10, 7), (3, 0), (3, 2), (1, 1)), Has.Count.EqualTo(10));

        Assert.That(_calls.Select(static call => call.Count), Is.EqualTo([10, 3, 3, 1]));
    }

    [Test]
    public async Task The_limit_ends_the_sweep()
    {
        Assert.That(await SweepAsync(10, (10, 10)), Has.Count.EqualTo(10));

        Assert.That(_calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task All_batches_of_a_sweep_delete_what_expired_by_one_instant()
    {
        await SweepAsync(2, (2, 0), (2, 0), (1, 0));

        Assert.That(_calls.Select(static call => call.ExpiredBy).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void A_sweep_of_no_sessions_is_refused() =>
        Assert.That(async () => await SweepAsync(0), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private async Task<IReadOnlyList<Session>> SweepAsync(int maxCount, params (int Rows, int Sessions)[] batches)
    {
        var samples = new SampleSessions(_clock, SeededRandom.Create());
        var next = new Queue<(int Rows, int Sessions)>(batches);
        return (
            await SessionSweeping.DeleteExpiredAsync(
                maxCount,
                _clock,
                (expiredBy, count, _) =>
                {
                    _calls.Add((expiredBy, count));
                    _clock.Advance(TimeSpan.FromSeconds(1));
                    var (rows, sessions) = next.Dequeue();
                    return new(
                        new SweepBatch { RowCount = rows, Sessions = [.. Enumerable.Range(0, sessions).Select(_ => samples.Create())] }
                    );
                },
                default
            )
        )!;
    }
}
