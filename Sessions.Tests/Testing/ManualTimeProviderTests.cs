using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

public sealed class ManualTimeProviderTests
{
    private readonly List<string> _calls = [];
    private ManualTimeProvider _clock = null!;

    [SetUp]
    public void StartTheClock()
    {
        _clock = new ManualTimeProvider();
        _calls.Clear();
    }

    [Test]
    public void It_starts_at_the_real_present_in_whole_milliseconds()
    {
        var now = _clock.GetUtcNow();

        Assert.That(now, Is.EqualTo(TimeProvider.System.GetUtcNow()).Within(TimeSpan.FromMinutes(1)));
        Assert.That(now.Ticks % TimeSpan.TicksPerMillisecond, Is.Zero);
        Assert.That(_clock.GetUtcNow(), Is.EqualTo(now), "It stands still.");
    }

    [Test]
    public void Advancing_moves_the_present_and_the_timestamp()
    {
        var (now, timestamp) = (_clock.GetUtcNow(), _clock.GetTimestamp());

        _clock.Advance(TimeSpan.FromSeconds(90));

        Assert.That(_clock.GetUtcNow(), Is.EqualTo(now.AddSeconds(90)));
        Assert.That(_clock.GetElapsedTime(timestamp), Is.EqualTo(TimeSpan.FromSeconds(90)));
    }

    [Test]
    public void Setting_the_clock_back_moves_neither_timestamp_nor_timers()
    {
        using var timer = Timer("a", TimeSpan.FromSeconds(10));
        var timestamp = _clock.GetTimestamp();

        _clock.UtcNow -= TimeSpan.FromHours(1);
        Assert.That(_clock.GetTimestamp(), Is.EqualTo(timestamp));

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.That(_calls, Is.EqualTo(["a at 10"]));
    }

    [Test]
    public void Advancing_backwards_is_refused()
    {
        Assert.That(() => _clock.Advance(TimeSpan.FromTicks(-1)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Timers_fire_in_the_order_of_their_instants_each_at_its_own()
    {
        using var late = Timer("late", TimeSpan.FromSeconds(7));
        using var often = Timer("often", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
        using var never = Timer("never", TimeSpan.FromSeconds(11));

        _clock.Advance(TimeSpan.FromSeconds(9));

        Assert.That(_calls, Is.EqualTo(["often at 3", "often at 6", "late at 7", "often at 9"]));
    }

    [Test]
    public void Timers_of_one_instant_fire_in_the_order_in_which_they_were_set()
    {
        using var first = Timer("first", TimeSpan.FromSeconds(3));
        using var second = Timer("second", TimeSpan.FromSeconds(3));

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(_calls, Is.EqualTo(["first at 3", "second at 3"]));
    }

    [Test]
    public void A_timer_does_not_fire_a_tick_early()
    {
        using var timer = Timer("a", TimeSpan.FromSeconds(3));

        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));

        Assert.That(_calls, Is.Empty);
    }

    [Test]
    public void A_timer_that_was_changed_fires_at_its_new_instant_only()
    {
        using var timer = Timer("a", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
        timer.Change(TimeSpan.FromSeconds(5), Timeout.InfiniteTimeSpan);

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_calls, Is.EqualTo(["a at 5"]));
    }

    [Test]
    public void A_disposed_timer_does_not_fire_and_cannot_be_changed()
    {
        var timer = Timer("a", TimeSpan.FromSeconds(3));
        timer.Dispose();

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_calls, Is.Empty);
        Assert.That(timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan), Is.False);
    }

    [Test]
    public void A_timer_may_set_another_that_is_due_before_the_end()
    {
        ITimer? second = null;
        using var first = _clock.CreateTimer(
            _ => second = Timer("second", TimeSpan.FromSeconds(2)),
            null,
            TimeSpan.FromSeconds(3),
            Timeout.InfiniteTimeSpan
        );

        _clock.Advance(TimeSpan.FromSeconds(60));

        Assert.That(_calls, Is.EqualTo(["second at 5"]));
        second!.Dispose();
    }

    [Test]
    public async Task A_timer_that_is_due_at_once_fires_without_an_advance()
    {
        var fired = new TaskCompletionSource();
        await using var timer = _clock.CreateTimer(_ => fired.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_delay_ends_when_its_time_has_passed()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.That(delay.IsCompleted, Is.False);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public async Task A_periodic_timer_ticks()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(5), _clock);
        for (var tick = 0; tick < 3; tick++)
        {
            var next = timer.WaitForNextTickAsync().AsTask();
            Assert.That(next.IsCompleted, Is.False);
            _clock.Advance(TimeSpan.FromMinutes(5));
            Assert.That(await next.WaitAsync(TimeSpan.FromSeconds(30)), Is.True);
        }
    }

    [Test]
    public void A_cancellation_after_a_time_follows_the_clock()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _clock);

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That(source.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task Threads_that_advance_at_once_add_up()
    {
        var now = _clock.GetUtcNow();
        var fired = 0;
        using var timer = _clock.CreateTimer(_ => Interlocked.Increment(ref fired), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        await Parallel.ForAsync(0, 1000, (_, _) => AdvanceAndCollect(TimeSpan.FromSeconds(1)));

        Assert.That(_clock.GetUtcNow(), Is.EqualTo(now.AddSeconds(1000)));
        Assert.That(fired, Is.EqualTo(1000));
    }

    [Test]
    public void A_skewed_view_moves_with_the_clock()
    {
        var ahead = _clock.CreateSkewed(TimeSpan.FromMinutes(40));
        using var timer = ahead.CreateTimer(_ => _calls.Add("fired"), null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        var timestamp = ahead.GetTimestamp();

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That(ahead.GetUtcNow(), Is.EqualTo(_clock.GetUtcNow().AddMinutes(40)));
        Assert.That(ahead.GetElapsedTime(timestamp), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(_calls, Is.EqualTo(["fired"]));
    }

    // The timestamp of a clock that was never advanced is zero.
    private ITimer Timer(string name, TimeSpan due, TimeSpan? period = null) =>
        _clock.CreateTimer(
            _ => _calls.Add($"{name} at {_clock.GetTimestamp() / TimeSpan.TicksPerSecond}"),
            null,
            due,
            period ?? Timeout.InfiniteTimeSpan
        );

    private ValueTask AdvanceAndCollect(TimeSpan time)
    {
        _clock.Advance(time);
        return ValueTask.CompletedTask;
    }
}
