using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Diagnostics;

/// <summary>Whoever is paged reads of an outage once, and once that it is over.</summary>
public sealed class StoreOutageTests
{
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(10);

    private RecordingLoggerProvider _log = null!;
    private ManualTimeProvider _clock = null!;
    private FailingSessionStore _store = null!;
    private SessionManager _manager = null!;
    private IssuedSession _ann = null!;

    [SetUp]
    public async Task SignInAsync()
    {
        (_log, _clock) = (new RecordingLoggerProvider(), new ManualTimeProvider());
        _store = new FailingSessionStore(new MemorySessionStore(time: _clock));
        _manager = NewManager(Options.DefaultName);
        _ann = await _manager.InitAsync("ann");
    }

    [TearDown]
    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    [Test]
    public async Task Its_beginning_is_one_error_however_many_calls_fail()
    {
        _store.Fail();

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(FailAsync)));

        Assert.That(GetMessages(LogLevel.Error).Select(entry => entry.Event), Is.EqualTo(["SessionStoreFailed"]));
        Assert.That(GetMessages(LogLevel.Error).Single().Message, Does.StartWith("The store of the default sessions fails."));
        Assert.That(GetMessages(LogLevel.Error).Single().Exception, Is.InstanceOf<SessionStoreException>());
        Assert.That(GetMessages(LogLevel.Debug), Has.Count.EqualTo(29), "The others can be looked at where somebody wants to.");
        Assert.That(GetMessages(LogLevel.Warning).Concat(GetMessages(LogLevel.Information)), Is.Empty);
    }

    [Test]
    public async Task The_end_of_an_outage_is_logged_once_with_the_number_of_failed_calls()
    {
        await FailAsync(3);

        _clock.Advance(QuietPeriod);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(AuthenticateAsync)));

        Assert.That(
            GetMessages(LogLevel.Information).Select(entry => entry.Message),
            Is.EqualTo(["The store of the default sessions is available again; 3 calls have failed."])
        );
    }

    [Test]
    public async Task A_store_that_fails_in_part_is_not_logged_as_recovered_with_every_call_that_succeeds()
    {
        for (var i = 0; i < 60; i++)
        {
            await FailAsync(1);
            _clock.Advance(TimeSpan.FromSeconds(1));
            await AuthenticateAsync();
        }

        Assert.That((GetMessages(LogLevel.Error).Count, GetMessages(LogLevel.Information).Count), Is.EqualTo((1, 0)));
        _clock.Advance(QuietPeriod - TimeSpan.FromSeconds(1));
        await AuthenticateAsync();
        Assert.That((GetMessages(LogLevel.Error).Count, GetMessages(LogLevel.Information).Count), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task The_next_outage_is_logged_again()
    {
        for (var outage = 0; outage < 2; outage++)
        {
            await FailAsync(5);
            _clock.Advance(QuietPeriod);
            await AuthenticateAsync();
        }

        Assert.That((GetMessages(LogLevel.Error).Count, GetMessages(LogLevel.Information).Count), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Each_name_logs_its_own_outages()
    {
        await using var admins = NewManager("admin");
        _store.Fail();

        await FailAsync();
        Assert.That(async () => await new SessionAdministration(admins).FetchAllAsync("root"), Throws.InstanceOf<SessionStoreException>());

        var told = GetMessages(LogLevel.Error).ConvertAll(entry => entry.Message);
        Assert.That(told, Has.Count.EqualTo(2));
        Assert.That(told[0], Does.Contain("the default sessions"));
        Assert.That(told[1], Does.Contain("the sessions \"admin\""));
    }

    [Test]
    public async Task A_refusal_by_the_store_is_no_failure()
    {
        await using var one = NewManager(Options.DefaultName, o => (o.MaxSessionsPerUser, o.LimitPolicy) = (1, SessionLimitPolicy.Refuse));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        Assert.That(async () => await one.InitAsync("ann"), Throws.InstanceOf<SessionLimitException>());
        Assert.That(
            async () => await new SessionAdministration(one).FetchAllAsync("ann", cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );

        Assert.That(GetMessages(LogLevel.Error), Is.Empty);
    }

    private SessionManager NewManager(string name, Action<SessionUpOptions>? configure = null)
    {
        var options = new SessionUpOptions();
        configure?.Invoke(options);
        return new SessionManager(name, _store, options, _clock, _log, metrics: null);
    }

    private async Task AuthenticateAsync() => Assert.That((await _manager.AuthAsync(_ann.Token)).IsAccepted);

    private async Task FailAsync(int times)
    {
        _store.Fail(times: times);
        for (var i = 0; i < times; i++)
        {
            await FailAsync();
        }
    }

    private Task FailAsync()
    {
        Assert.That(async () => await _manager.AuthAsync(_ann.Token), Throws.InstanceOf<SessionStoreException>());
        return Task.CompletedTask;
    }

    private List<LogEntry> GetMessages(LogLevel level) =>
        [.. _log.Entries.Where(entry => entry.Level == level && entry.Event!.StartsWith("SessionStore", StringComparison.Ordinal))];
}
