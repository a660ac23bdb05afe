using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    [Test]
    public async Task An_administrator_pages_through_the_sessions_of_all_users()
    {
        var visitor = await Manager.StartVisitorAsync(cancellationToken: Token);
        var ann = await Manager.InitAsync("ann", cancellationToken: Token);
        var bob = await Manager.InitAsync("bob", cancellationToken: Token);
        await Administration.RevokeAsync(bob.Session.Id, Token);

        var walked = new HashSet<SessionId>();
        await foreach (var session in Administration.EnumerateAsync(Token))
        {
            walked.Add(session.Id);
        }

        Assert.That(walked, Is.EquivalentTo([visitor.Session.Id, ann.Session.Id]));
        Assert.That((await Administration.FetchPageAsync(cancellationToken: Token)).Sessions, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task An_administrator_ends_sessions_by_user_and_age_and_gets_their_number()
    {
        var old = new List<SessionId>();
        for (var i = 0; i < 600; i++)
        {
            var issued =
                i % 3 == 0
                    ? await Manager.StartVisitorAsync(cancellationToken: Token)
                    : await Manager.InitAsync($"user {i}", cancellationToken: Token);
            old.Add(issued.Session.Id);
        }

        var root = await Manager.InitAsync("root", cancellationToken: Token);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var cut = Clock.UtcNow;
        var (ann, visitor) = (
            await Manager.InitAsync("ann", cancellationToken: Token),
            await Manager.StartVisitorAsync(cancellationToken: Token)
        );

        Assert.That(await Administration.RevokeWhereAsync(BegunBefore, cancellationToken: Token), Is.EqualTo(old.Count));

        var ends = Events<SessionEndedContext>();
        Assert.That(ends.Select(end => end.Session.Id).Order(), Is.EqualTo(old.Order()));
        Assert.That(ends, Has.All.Property(nameof(SessionEndedContext.Reason)).EqualTo(SessionEndReason.Administrator));
        Assert.That(ends, Has.All.Property(nameof(SessionEndedContext.Actor)).Null);
        foreach (var spared in new[] { root, ann, visitor })
        {
            Assert.That(await Store.FetchSessionAsync(spared.Session.Id, Token), Is.Not.Null);
        }

        Assert.That(await Administration.RevokeWhereAsync(BegunBefore, cancellationToken: Token), Is.Zero);

        bool BegunBefore(string? userKey, DateTimeOffset createdAt) => userKey != "root" && createdAt < cut;
    }
}
