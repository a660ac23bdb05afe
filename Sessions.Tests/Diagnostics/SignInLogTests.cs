using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Testing;

namespace Sessions.Tests.Diagnostics;

[CancelAfter(60_000)]
public sealed class SignInLogTests
{
    private RecordingLoggerProvider _log = null!;
    private ManualTimeProvider _clock = null!;
    private FailingSessionStore _store = null!;
    private SessionManager _manager = null!;

    private static CancellationToken Token => TestContext.CurrentContext.CancellationToken;

    [SetUp]
    public void SetUp()
    {
        (_log, _clock) = (new RecordingLoggerProvider(), new ManualTimeProvider());
        _store = new FailingSessionStore(new MemorySessionStore(time: _clock));
        _manager = NewManager(onEnded: null);
    }

    [TearDown]
    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    [Test]
    public async Task A_session_that_a_limit_ends_is_a_warning()
    {
        var evicted = await _manager.InitAsync("ann", cancellationToken: Token);
        await _manager.InitAsync("ann", cancellationToken: Token);

        Assert.That(
            GetMessages(LogLevel.Warning),
            Is.EqualTo([
                $"Session {evicted.Session.Id} of a user with as many sessions as the limit allows was ended: it was the least recently used one.",
            ])
        );
    }

    [Test]
    public async Task An_ending_that_fails_is_a_warning_once_and_an_error_when_it_is_given_up()
    {
        var visitor = await _manager.StartVisitorAsync(new SessionInit { Lifetime = TimeSpan.FromDays(1) }, Token);
        _store.Fail(StoreOperations.Delete);

        var issued = await _manager.InitAsync("ann", new SessionInit { ReplacedToken = visitor.Token }, Token);
        Assert.That(
            GetMessages(LogLevel.Warning),
            Is.EqualTo([
                $"The sign-in that began session {issued.Session.Id} could not end what it replaces; it stands, and the ending is tried again in the background.",
            ])
        );

        while (!GetMessages(LogLevel.Error).Any(message => message.Contains("not tried again", StringComparison.Ordinal)))
        {
            Token.ThrowIfCancellationRequested();
            _clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        Assert.That(GetMessages(LogLevel.Warning), Has.Count.EqualTo(1));
        Assert.That(_store.CountCalls(StoreOperations.Delete), Is.EqualTo(1 + EndingRetrier.MaxRetries));
    }

    [Test]
    public async Task What_is_disposed_tries_nothing_again()
    {
        var visitor = await _manager.StartVisitorAsync(cancellationToken: Token);
        _store.Fail(StoreOperations.Delete);
        await _manager.InitAsync("ann", new SessionInit { ReplacedToken = visitor.Token }, Token);

        await _manager.DisposeAsync();
        _store.ClearFailures();

        // What a manager that lives tries again after it is the sign that the first one had its time.
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var other = NewManager(_ =>
        {
            ended.TrySetResult();
            return ValueTask.CompletedTask;
        });
        var next = await other.StartVisitorAsync(cancellationToken: Token);
        _store.Fail(StoreOperations.Delete, times: 1);
        await other.InitAsync("bob", new SessionInit { ReplacedToken = next.Token }, Token);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await ended.Task.WaitAsync(Token);

        Assert.That((await _store.FetchAsync(visitor.Session.Id, Token)).Session, Is.Not.Null);
        Assert.That(_store.CountCalls(StoreOperations.Delete), Is.EqualTo(3));
    }

    private SessionManager NewManager(Func<SessionEndedContext, ValueTask>? onEnded) =>
        new(
            _store,
            new SessionUpOptions
            {
                MaxSessionsPerUser = 1,
                Events = new() { OnEnded = onEnded },
            },
            _clock,
            _log
        );

    private List<string> GetMessages(LogLevel level) =>
        [.. _log.Entries.Where(entry => entry.Level == level).Select(entry => entry.Message)];
}
