using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Memory;

/// <summary>Reading takes no lock, and yet what changes several sessions at once is never seen in part.</summary>
public sealed class MemoryReadRaceTests : SessionStoreTestBase<MemoryBackend>
{
    private const int Many = 64;

    private static int Rounds { get; } = TestEffort.Scale(200);

    [Test]
    public Task Who_saw_one_session_gone_sees_none_of_the_same_delete_all_alive() =>
        RoundsAsync(
            async (user, sessions) =>
            {
                var spared = Random.Next(2) == 0 ? null : sessions[Random.Next(Many)];
                var ended = sessions.Where(session => session != spared).ToArray();
                var seen = ended[Random.Next(ended.Length)];

                var reading = await StartAsync(() =>
                    ListLiveAfterAsync(async () => await Store.FetchSessionAsync(seen.Id, Token) is null, ended)
                );
                await Store.DeleteAllAsync(user, spared?.Id, Token);

                Assert.That(await reading, Is.Empty);
            }
        );

    [Test]
    public Task Who_saw_a_new_session_sees_none_alive_that_its_limit_ended() =>
        RoundsAsync(
            async (user, sessions) =>
            {
                var created = Samples.Create(user);

                var reading = await StartAsync(() =>
                    ListLiveAfterAsync(async () => await Store.FetchSessionAsync(created.Id, Token) is not null, sessions)
                );
                await Store.CreateAsync(created, new SessionLimit { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token);

                Assert.That(await reading, Is.Empty);
            }
        );

    [Test]
    public Task Who_saw_a_session_ended_by_a_limit_sees_the_new_one_and_no_other() =>
        RoundsAsync(
            async (user, sessions) =>
            {
                var created = Samples.Create(user);
                var seen = sessions[Random.Next(Many)];

                var reading = await StartAsync(() =>
                    ListLiveAfterAsync(async () => await Store.FetchSessionAsync(seen.Id, Token) is null, [.. sessions, created])
                );
                await Store.CreateAsync(created, new SessionLimit { Max = 1, Policy = SessionLimitPolicy.EndLeastRecentlyUsed }, Token);

                Assert.That(await reading, Is.EqualTo([created.Id]));
            }
        );

    [Test]
    public async Task A_session_that_is_touched_while_it_is_read_is_not_taken_for_expired()
    {
        var time = new ObservedClock(Clock);
        var store = new MemorySessionStore(time: time);
        var session = Samples.Create("ann");
        await store.CreateAsync(session, null, Token);
        Clock.Advance(session.ExpiresAt - Clock.UtcNow - TimeSpan.FromMilliseconds(1));
        var touch = new SessionTouch
        {
            Id = session.Id,
            LastSeenAt = Clock.UtcNow,
            ExpiresAt = session.ExpiresAt.AddMinutes(1),
        };

        time.OnNextRead = () =>
        {
            store.TouchAsync([touch], Token).AsTask().Wait(Token);
            Clock.Advance(TimeSpan.FromMilliseconds(1));
        };

        Assert.That((await store.FetchSessionAsync(session.Id, Token))?.ExpiresAt, Is.EqualTo(touch.ExpiresAt));
    }

    private async Task RoundsAsync(Func<string, Session[], Task> race)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var user = $"ann {round}";
            var sessions = new Session[Many];
            for (var i = 0; i < Many; i++)
            {
                sessions[i] = Samples.Create(user);
                await Store.CreateAsync(sessions[i], null, Token);
            }

            await race(user, sessions);
        }
    }

    /// <summary>Starts a reader on another thread, and returns once he reads.</summary>
    private static async Task<Task<List<SessionId>>> StartAsync(Func<Task<List<SessionId>>> read)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            started.SetResult();
            return read();
        });
        await started.Task;
        return reading;
    }

    /// <summary>Looks until something has happened, and then at once which sessions are alive.</summary>
    private async Task<List<SessionId>> ListLiveAfterAsync(Func<Task<bool>> happened, Session[] sessions)
    {
        while (!await happened())
        {
            Token.ThrowIfCancellationRequested();
        }

        var alive = new List<SessionId>();
        foreach (var session in sessions.Reverse())
        {
            if (await Store.FetchSessionAsync(session.Id, Token) is not null)
            {
                alive.Add(session.Id);
            }
        }

        return alive;
    }

    /// <summary>A clock at which something happens while it is looked at.</summary>
    private sealed class ObservedClock(TimeProvider inner) : TimeProvider
    {
        public Action? OnNextRead { get; set; }

        public override DateTimeOffset GetUtcNow()
        {
            var happening = OnNextRead;
            OnNextRead = null;
            happening?.Invoke();
            return inner.GetUtcNow();
        }
    }
}
