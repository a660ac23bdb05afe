using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Diagnostics;

/// <summary>What the meter <c>Sessions</c> counts, for the sessions of one name.</summary>
public sealed class SessionMetricsTests
{
    private readonly Dictionary<string, long> _counts = [];
    private MeterListener _listener = null!;
    private FailingSessionStore _store = null!;
    private ServiceProvider _services = null!;

    private SessionManager Manager => _services.GetRequiredKeyedService<SessionManager>("admin");

    private SessionAdministration Administration => _services.GetRequiredKeyedService<SessionAdministration>("admin");

    [SetUp]
    public void Listen()
    {
        _store = new FailingSessionStore(new MemorySessionStore());
        var services = new ServiceCollection();
        services.AddSessionUp("admin").UseStore(_ => _store);
        _services = services.BuildServiceProvider();

        // Other tests have meters of the same name, from factories of their own.
        var factory = _services.GetRequiredService<IMeterFactory>();
        _counts.Clear();
        _listener = new MeterListener();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Sessions" && instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(RecordMeasurement);
        _listener.Start();
    }

    [TearDown]
    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _services.DisposeAsync();
    }

    [Test]
    public async Task Sessions_that_begin_and_end_and_tokens_that_are_checked_are_counted()
    {
        var ann = await Manager.InitAsync("ann");
        await Manager.InitAsync("ann");
        await Manager.AuthAsync(ann.Token);
        await Manager.RevokeAllAsync(ann.Session);
        await Manager.AuthAsync(ann.Token);

        Assert.That(
            _counts,
            Is.EquivalentTo(
                new Dictionary<string, long>
                {
                    ["sessions.created"] = 2,
                    ["sessions.ended signed_out"] = 1,
                    ["sessions.ended other_device"] = 1,
                    ["sessions.auth.results accepted"] = 1,
                    ["sessions.auth.results unknown"] = 1,
                }
            )
        );
    }

    [Test]
    public async Task Sessions_that_a_limit_ends_are_counted_with_their_reason()
    {
        await using var manager = new SessionManager(
            "admin",
            _store,
            new SessionUpOptions { MaxSessionsPerUser = 1 },
            TimeProvider.System,
            new RecordingLoggerProvider(),
            new Sessions.Diagnostics.SessionMetrics(_services.GetRequiredService<IMeterFactory>(), "admin")
        );
        await manager.InitAsync("ann");
        await manager.InitAsync("ann");

        Assert.That(_counts, Does.ContainKey("sessions.ended limit").WithValue(1));
    }

    [Test]
    public async Task Every_call_of_the_store_that_fails_is_counted_with_what_it_was()
    {
        var token = (await Manager.InitAsync("ann")).Token;
        _counts.Clear();
        _store.Fail();

        Func<Task>[] calls =
        [
            async () => await Manager.InitAsync("ann"),
            async () => await Manager.AuthAsync(token),
            async () => await Manager.AuthAsync(token),
            async () => await Administration.FetchAllAsync("ann"),
            async () => await Manager.UpdateValuesAsync(token.Id, ValuesPatch.Empty.Set("key", "value")),
            async () => await Administration.RevokeAsync(token.Id),
            async () => await Administration.RevokeAllAsync("ann"),
            async () => await Administration.FetchPageAsync(),
            async () => await Administration.FetchByTagAsync(new() { Name = "tenant", Value = "7" }),
            async () => await Administration.RevokeByTagAsync(new() { Name = "tenant", Value = "7" }),
            async () => await Manager.Components.Store.DeleteExpiredAsync(1, default),
            async () => await Manager.Components.Store.PrepareAsync(default),
        ];
        foreach (var call in calls)
        {
            Assert.That(call, Throws.InstanceOf<SessionStoreException>());
        }

        Assert.That(
            _counts,
            Is.EquivalentTo(
                new Dictionary<string, long>
                {
                    ["sessions.store.failures create"] = 1,
                    ["sessions.store.failures fetch"] = 2,
                    ["sessions.store.failures fetch_all"] = 1,
                    ["sessions.store.failures update"] = 1,
                    ["sessions.store.failures delete"] = 1,
                    ["sessions.store.failures delete_all"] = 1,
                    ["sessions.store.failures fetch_page"] = 1,
                    ["sessions.store.failures fetch_by_tag"] = 1,
                    ["sessions.store.failures delete_by_tag"] = 1,
                    ["sessions.store.failures delete_expired"] = 1,
                    ["sessions.store.failures prepare"] = 1,
                }
            )
        );
    }

    [Test]
    public async Task A_last_use_that_cannot_be_written_is_counted_too()
    {
        var clock = new ManualTimeProvider();
        await using var manager = new SessionManager(
            "admin",
            _store,
            new SessionUpOptions(),
            clock,
            new RecordingLoggerProvider(),
            new Sessions.Diagnostics.SessionMetrics(_services.GetRequiredService<IMeterFactory>(), "admin")
        );
        var ann = await manager.InitAsync("ann");
        clock.Advance(TimeSpan.FromMinutes(1));
        _store.Fail(StoreOperations.Touch);

        await manager.Authenticator.RecordUseAsync(await manager.AuthAsync(ann.Token), client: null, slide: true);
        await manager.Authenticator.FlushAsync();

        Assert.That(_counts["sessions.store.failures touch"], Is.EqualTo(1));
    }

    private void RecordMeasurement(Instrument instrument, long measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        Assert.That(tags[0], Is.EqualTo(KeyValuePair.Create("sessions.name", (object?)"admin")));
        var name = tags.Length == 1 ? instrument.Name : $"{instrument.Name} {tags[1].Value}";
        lock (_counts)
        {
            _counts[name] = _counts.GetValueOrDefault(name) + measurement;
        }
    }
}
