using NUnit.Framework;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Testing;

/// <summary>What an application tells Dapper of its own tables does not reach those of the sessions.</summary>
[CancelAfter(60_000)]
internal abstract class TypeHandlerTests
{
    private readonly SampleSessions _samples = new(TimeProvider.System, SeededRandom.Create());
    private readonly CorruptRecordLog _reported = new();
    private ISessionStore _store = null!;

    [SetUp]
    public async Task OpenAsync() => _store = await CreateStoreAsync(_reported.Reporter);

    [TearDown]
    public async Task CloseAsync()
    {
        if (_store is not null)
        {
            await ((IAsyncDisposable)_store).DisposeAsync();
        }

        await RemoveAsync();
    }

    [Test]
    public async Task A_session_comes_back_by_every_way(CancellationToken token)
    {
        await _store.PrepareAsync(token);
        var tag = _samples.NewTag();
        var session = _samples.CreateFull() with { Tags = [tag] };
        await _store.CreateAsync(session, null, token);

        Assert.That(await _store.FetchSessionAsync(session.Id, token), Is.EqualTo(session));
        Assert.That(await _store.FetchAllAsync("ann", token), Is.EqualTo([session]));
        Assert.That(await _store.FetchByTagAsync(tag, token), Is.EqualTo([session]));
        Assert.That((await _store.FetchPageAsync(null, 10, token))!.Sessions, Is.EqualTo([session]));
        Assert.That((await _store.UpdateAsync(session.Id, new(), token)).Session, Is.EqualTo(session));
        var changed = await _store.UpdateAsync(session.Id, new() { Values = ValuesPatch.Empty.Set("colour", "green") }, token);
        Assert.That(changed.Session, Is.EqualTo(session with { Values = session.Values.Set("colour", "green") }));
        var next = _samples.Create() with { IsBearer = session.IsBearer };
        Assert.That((await _store.CreateAsync(next, new() { Max = 1 }, null, token)).Evicted, Is.EqualTo([changed.Session]));
        Assert.That(await _store.DeleteAsync(next.Id, token), Is.EqualTo(next));
        Assert.That(_reported.Warnings, Is.Empty);
    }

    [Test]
    public async Task A_session_ends_by_every_way(CancellationToken token)
    {
        var tag = _samples.NewTag();
        Session[] sessions = [_samples.CreateFull() with { Tags = [tag] }, _samples.CreateFull(), _samples.CreateFull()];
        var expired = _samples.CreateFull() with { ExpiresAt = DateTimeOffset.UnixEpoch };
        foreach (var session in sessions.Append(expired))
        {
            await _store.CreateAsync(session, null, token);
        }

        Assert.That(await _store.DeleteExpiredAsync(10, token), Is.EqualTo([expired]));
        Assert.That(await _store.DeleteByTagAsync(tag, token), Is.EqualTo([sessions[0]]));
        Assert.That(await _store.DeleteAllAsync("ann", sessions[1].Id, token), Is.EqualTo([sessions[2]]));
        Assert.That(await _store.DeleteAsync(sessions[1].Id, SessionMarker.Replaced, token), Is.EqualTo(sessions[1]));
        Assert.That((await _store.FetchAsync(sessions[1].Id, token)).Marker, Is.EqualTo(SessionMarker.Replaced));
        Assert.That(_reported.Warnings, Is.Empty);
    }

    protected abstract Task<ISessionStore> CreateStoreAsync(CorruptRecordReporter reporter);

    protected abstract Task RemoveAsync();
}
