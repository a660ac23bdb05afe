using NUnit.Framework;
using Sessions.Diagnostics;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Diagnostics;

public sealed class InstrumentedSessionStoreTests
{
    private readonly RecordingLoggerProvider _log = new();
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly InstrumentedSessionStore _store;

    public InstrumentedSessionStoreTests()
    {
        // It answers, and fails, before a call returns.
        var memory = new MemorySessionStore(new() { MaxSessions = 1 });
        var outage = new StoreOutage("", TimeProvider.System, _log);
        var availability = new StoreAvailability("", memory, outage, TimeProvider.System);
        _store = new InstrumentedSessionStore(memory, outage, availability, metrics: null);
    }

    [Test]
    public async Task What_a_store_throws_at_once_fails_the_task_and_not_the_call()
    {
        await _store.CreateAsync(_samples.Create(), null, default);

        var second = _store.CreateAsync(_samples.Create(), null, default).AsTask();

        Assert.That(async () => await second, Throws.InstanceOf<SessionStoreException>());
        Assert.That(_log.Entries.Select(static entry => entry.Event), Is.EqualTo(["SessionStoreFailed"]));
    }

    [Test]
    public void A_call_that_was_cancelled_before_is_a_cancelled_task_and_no_failure()
    {
        var fetching = _store.FetchSessionAsync(SessionId.Create(null), new CancellationToken(canceled: true)).AsTask();

        Assert.That(fetching.IsCanceled);
        Assert.That(_log.Entries, Is.Empty);
    }
}
