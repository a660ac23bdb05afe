using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores;

/// <summary>A store that fails half-way through a deletion says what is gone, and the application is told of it.</summary>
public sealed class IncompleteDeletionTests
{
    private readonly List<SessionId> _ended = [];
    private HalfDeletingStore _store = null!;
    private SessionManager _manager = null!;

    [SetUp]
    public void SetUp()
    {
        _ended.Clear();
        _store = new HalfDeletingStore(new MemorySessionStore());
        _manager = new SessionManager(
            _store,
            new SessionUpOptions
            {
                Events = new()
                {
                    OnEnded = end =>
                    {
                        _ended.Add(end.Session.Id);
                        return ValueTask.CompletedTask;
                    },
                },
            }
        );
    }

    [TearDown]
    public ValueTask DisposeAsync() => _manager.DisposeAsync();

    [TestCase("revoke all")]
    [TestCase("revoke other")]
    [TestCase("administration")]
    [TestCase("tag")]
    public async Task What_was_deleted_before_the_failure_is_an_event_and_the_same_call_ends_the_rest(string verb)
    {
        SessionTags tags = [new() { Name = "tenant", Value = "7" }];
        var sessions = new List<Session>();
        for (var i = 0; i < 4; i++)
        {
            sessions.Add((await _manager.InitAsync("ann", new SessionInit { Tags = tags })).Session);
        }

        Func<Task> call = verb switch
        {
            "revoke all" => async () => await _manager.RevokeAllAsync(sessions[0]),
            "revoke other" => async () => await _manager.RevokeOtherAsync(sessions[0]),
            "administration" => async () => await new SessionAdministration(_manager).RevokeAllAsync("ann"),
            _ => async () => await new SessionAdministration(_manager).RevokeByTagAsync(tags.First()),
        };

        Assert.That(async () => await call(), Throws.TypeOf<IncompleteDeletionException>().With.Message.Contains("after 1 sessions"));
        Assert.That(_ended, Has.Count.EqualTo(1));

        await call();
        Assert.That(_ended, Is.EquivalentTo(sessions.Skip(verb == "revoke other" ? 1 : 0).Select(session => session.Id)));
    }

    private sealed class HalfDeletingStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private bool _hasFailed;

        public override async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(
            string userKey,
            SessionId? except,
            CancellationToken cancellationToken
        )
        {
            await FailOnceAsync((await this.FetchAllAsync(userKey, cancellationToken)).First(session => session.Id != except));
            return await base.DeleteAllAsync(userKey, except, cancellationToken);
        }

        public override async ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken)
        {
            await FailOnceAsync((await FetchByTagAsync(tag, cancellationToken))[0]);
            return await base.DeleteByTagAsync(tag, cancellationToken);
        }

        private async ValueTask FailOnceAsync(Session first)
        {
            if (!_hasFailed)
            {
                _hasFailed = true;
                throw new IncompleteDeletionException([(await this.DeleteAsync(first.Id, default))!], new TimeoutException());
            }
        }
    }
}
