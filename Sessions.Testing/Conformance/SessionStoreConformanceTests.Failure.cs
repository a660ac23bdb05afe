using NUnit.Framework;

namespace Sessions.Testing;

/// <content>A backend that fails.</content>
public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private const int MaxFailuresAfterAnOutage = 100;

    [TestCase(nameof(ISessionStore.CreateAsync))]
    [TestCase(nameof(ISessionStore.FetchAsync))]
    [TestCase(nameof(ISessionStore.FetchAllAsync))]
    [TestCase(nameof(ISessionStore.FetchByTagAsync))]
    [TestCase(nameof(ISessionStore.UpdateAsync))]
    [TestCase(nameof(ISessionStore.TouchAsync))]
    [TestCase(nameof(ISessionStore.DeleteAsync))]
    [TestCase(nameof(ISessionStore.DeleteAllAsync))]
    [TestCase(nameof(ISessionStore.DeleteByTagAsync))]
    [TestCase(nameof(ISessionStore.DeleteExpiredAsync))]
    [TestCase(nameof(ISessionStore.FetchPageAsync))]
    public async Task A_failure_of_the_backend_is_a_SessionStoreException_with_the_exception_of_the_driver_inside(string member)
    {
        var session = await CreateAsync(Samples.CreateFull() with { Tags = [s_tag] });
        await RequireMemberAsync(member);
        await using (await RequireOutageAsync())
        {
            foreach (var (call, run) in CreateCalls(session).Where(call => call.Name.StartsWith(member, StringComparison.Ordinal)))
            {
                await AssertFailsAsync(call, run);
            }
        }

        await RecoverAsync(async () => await Store.FetchAsync(session.Id, Token));
        await AssertStoredAsync(session, "What was stored before the backend failed is there after it.");
    }

    [Test]
    public async Task Of_calls_at_once_that_a_failure_meets_each_fails_and_none_waits_for_ever()
    {
        var session = await CreateAsync(Samples.CreateFull() with { Tags = [s_tag] });
        await using (await RequireOutageAsync())
        {
            var calls = Enumerable.Range(0, 8).Select(_ => CreateCalls(session)[0]).Concat(CreateCalls(session)).ToArray();
            await Task.WhenAll(calls.Select(call => Task.Run(() => AssertFailsUnlessNoneAsync(call.Name, call.Run), Token)));
        }

        await RecoverAsync(async () => await Store.FetchAsync(session.Id, Token));
    }

    /// <summary>Breaks the backend until the result is disposed; ignores the test, when that cannot be done.</summary>
    private async Task<IAsyncDisposable> RequireOutageAsync()
    {
        var outage = await Backend.BreakAsync();
        if (outage is null)
        {
            Assert.Ignore($"Nothing makes this backend fail: its {nameof(Backend.BreakAsync)} returns null.");
        }

        return outage!;
    }

    /// <summary>Every way into the backend, each beginning with the name of its member.</summary>
    private (string Name, Func<Task<object?>> Run)[] CreateCalls(Session session)
    {
        var unknown = Samples.NewId("ann");
        return
        [
            ("CreateAsync", async () => await Store.CreateAsync(Samples.Create(), null, Token)),
            ("CreateAsync for a visitor", async () => await Store.CreateAsync(Samples.Create(userKey: null), null, Token)),
            ("CreateAsync with tags", async () => await Store.CreateAsync(Samples.CreateFull(), null, Token)),
            ("CreateAsync with a limit", async () => await Store.CreateAsync(Samples.Create(), EvictLimit(1), Token)),
            ("CreateAsync with a limit that refuses", async () => await Store.CreateAsync(Samples.Create(), RefuseLimit(1), Token)),
            ("CreateAsync that replaces", async () => await Store.CreateAsync(Samples.Create(), null, session.Id, Token)),
            ("FetchAsync", async () => await Store.FetchAsync(session.Id, Token)),
            ("FetchAsync of an unknown id", async () => await Store.FetchAsync(unknown, Token)),
            ("FetchAllAsync", async () => await Store.FetchAllAsync("ann", Token)),
            ("FetchAllAsync of an unknown user", async () => await Store.FetchAllAsync("stranger", ["theme"], Token)),
            ("FetchByTagAsync", async () => await Store.FetchByTagAsync(s_tag, Token)),
            ("UpdateAsync", async () => await Store.UpdateAsync(session.Id, FullPatch(session), Token)),
            ("UpdateAsync with an empty patch", async () => await Store.UpdateAsync(session.Id, new(), Token)),
            ("UpdateAsync of an unknown id", async () => await Store.UpdateAsync(unknown, FullPatch(session), Token)),
            ("TouchAsync", TouchAsync),
            ("DeleteAsync", async () => await Store.DeleteAsync(session.Id, Token)),
            ("DeleteAsync that leaves a marker", async () => await Store.DeleteAsync(session.Id, SessionMarker.Replaced, Token)),
            ("DeleteAsync of an unknown id", async () => await Store.DeleteAsync(unknown, Token)),
            ("DeleteAllAsync", async () => await Store.DeleteAllAsync("ann", null, Token)),
            ("DeleteAllAsync but one", async () => await Store.DeleteAllAsync("ann", session.Id, Token)),
            ("DeleteByTagAsync", async () => await Store.DeleteByTagAsync(s_tag, Token)),
            ("DeleteExpiredAsync", async () => await Store.DeleteExpiredAsync(10, Token)),
            ("FetchPageAsync", async () => await Store.FetchPageAsync(null, 10, Token)),
        ];

        async Task<object?> TouchAsync()
        {
            await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(1))], Token);
            return null;
        }
    }

    private Task RequireMemberAsync(string member) =>
        member switch
        {
            nameof(ISessionStore.DeleteExpiredAsync) => RequireSweepAsync(),
            nameof(ISessionStore.FetchPageAsync) => RequirePagesAsync(),
            _ => Task.CompletedTask,
        };

    private static Task AssertFailsAsync(string call, Func<Task<object?>> run) => AssertFailsAsync(call, run, mayAnswerNone: false);

    /// <summary>A member that the store has none of answers so, whatever the state of the backend.</summary>
    private static Task AssertFailsUnlessNoneAsync(string call, Func<Task<object?>> run) =>
        AssertFailsAsync(call, run, nameof(Store.DeleteExpiredAsync) == call || nameof(Store.FetchPageAsync) == call);

    private static async Task AssertFailsAsync(string call, Func<Task<object?>> run, bool mayAnswerNone)
    {
        Exception thrown;
        try
        {
            var answer = await run();
            Assert.That(
                mayAnswerNone && answer is null,
                $"{call} returned {SessionText.Describe(answer)} though the backend fails: a failure is an exception, never an answer."
            );
            return;
        }
        catch (Exception e) when (e is not ResultStateException)
        {
            thrown = e;
        }

        Assert.That(thrown, Is.InstanceOf<SessionStoreException>(), $"{call} threw the exception of the driver as it is: {thrown}");
        Assert.That(
            thrown.InnerException,
            Is.Not.Null.And.Not.TypeOf<SessionStoreException>(),
            $"{call} threw an exception without the driver's inside: {thrown}"
        );
    }

    /// <summary>Connections from before an outage may each fail once more.</summary>
    private static async Task RecoverAsync(Func<ValueTask> call)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await call();
                return;
            }
            catch (SessionStoreException) when (failures < MaxFailuresAfterAnOutage)
            {
                await Task.Yield();
            }
        }
    }
}
