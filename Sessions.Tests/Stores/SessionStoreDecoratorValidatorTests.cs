using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Sessions.Memory;
using Sessions.Stores;
using Sessions.Testing;
using Sessions.Tests.AspNetCore;
using Sessions.Tests.Testing;

namespace Sessions.Tests.Stores;

/// <summary>A store that hides what the one behind it has, stops the host.</summary>
public sealed class SessionStoreDecoratorValidatorTests
{
    [Test]
    public void A_store_that_hides_members_stops_the_host_with_a_sentence_that_names_them() =>
        Assert.That(
            () => StartAsync(new HidingStore(new MemorySessionStore())),
            Throws
                .TypeOf<SessionConfigurationException>()
                .With.Message.EqualTo(
                    "HidingStore is a store in front of MemorySessionStore and hides what that one has: ChangeFeed, DeleteExpiredAsync, FetchPageAsync. "
                        + "Derive it from DelegatingSessionStore, which passes every call on; or implement these members in it."
                )
        );

    [Test]
    public void A_store_that_hides_members_is_found_behind_another() =>
        Assert.That(
            () => SessionStoreDecoratorValidator.ThrowIfMemberHidden(new FailingSessionStore(new HidingStore(new MemorySessionStore()))),
            Throws.TypeOf<SessionConfigurationException>()
        );

    [Test]
    public void What_a_store_further_behind_has_is_hidden_too() =>
        Assert.That(
            () => SessionStoreDecoratorValidator.ThrowIfMemberHidden(new HidingStore(new FailingSessionStore(new MemorySessionStore()))),
            Throws.TypeOf<SessionConfigurationException>().With.Message.Contains("ChangeFeed")
        );

    [Test]
    public async Task A_store_that_passes_everything_on_starts() => await StartAsync(new FailingSessionStore(new MemorySessionStore()));

    [Test]
    public async Task A_store_that_says_itself_that_there_is_none_starts() => await StartAsync(new PlainStore(new MemorySessionStore()));

    [Test]
    public async Task What_the_store_behind_does_not_have_cannot_be_hidden()
    {
        var store = new HidingStore(new ForwardingStore(new HidingStore(MinimalStore.Instance)));

        await StartAsync(store);
    }

    private static async Task StartAsync(ISessionStore store)
    {
        await using var app = await SessionApp.StartAsync(
            static _ => { },
            services: services => services.AddSessionUp("other").UseStore(_ => store)
        );
    }

    private sealed class ForwardingStore(ISessionStore inner) : DelegatingSessionStore(inner);

    /// <summary>A backend with nothing beside what it must have.</summary>
    private sealed class MinimalStore : ISessionStore
    {
        public static MinimalStore Instance { get; } = new();

        public ValueTask<SessionCreation> CreateAsync(
            Session session,
            SessionLimit? limit,
            SessionId? replaces,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<SessionLookup> FetchAsync(SessionId id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Session>> FetchAllAsync(
            string userKey,
            IReadOnlyCollection<string>? valueKeys,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Session>> FetchByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask TouchAsync(IReadOnlyList<SessionTouch> touches, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<Session?> DeleteAsync(SessionId id, SessionMarker leaves, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Session>> DeleteByTagAsync(SessionTag tag, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
