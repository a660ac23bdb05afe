using System.Reflection;
using NUnit.Framework;
using Sessions.Diagnostics;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Stores;

/// <summary>
/// C# lets a class lose a member of an interface that has a body, without a word. So stores in front of stores are checked here.
/// </summary>
public sealed class DelegatingSessionStoreTests
{
    private static IEnumerable<MethodInfo> Members => typeof(ISessionStore).GetMethods();

    private static IEnumerable<Type> Decorators =>
        ((Type[])[typeof(DelegatingSessionStore), typeof(FailingSessionStore), typeof(DelegatingSessionStoreTests)])
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type is { IsInterface: false } && type.IsAssignableTo(typeof(ISessionStore)))
            .Where(type => type != typeof(HidingStore))
            .Where(type =>
                type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                    .Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(ISessionStore)))
            );

    [TestCaseSource(nameof(Members))]
    public void A_member_reaches_the_store_behind_with_what_it_was_given_and_brings_back_its_answer(MethodInfo member)
    {
        var inner = CallRecorder.Create();
        var arguments = member.GetParameters().Select(parameter => CreateArgument(parameter.ParameterType)).ToArray();

        var answer = member.Invoke(new ForwardingStore(inner), arguments);

        var recorder = (CallRecorder)inner;
        Assert.That(recorder.Calls.Select(call => call.Member), Is.EqualTo([member]));
        Assert.That(recorder.Calls.Single().Arguments, Is.EqualTo(arguments));
        Assert.That(answer, Is.EqualTo(recorder.Answer));
    }

    [TestCaseSource(nameof(Members))]
    public void A_member_can_be_overridden(MethodInfo member) =>
        Assert.That(FindImplementation(typeof(ForwardingStore), member), Has.Property("IsVirtual").True.And.Property("IsFinal").False);

    [TestCaseSource(nameof(Members))]
    public void The_store_that_counts_failures_overrides_every_call(MethodInfo member) =>
        Assert.That(
            FindImplementation(typeof(InstrumentedSessionStore), member).DeclaringType,
            Is.EqualTo(member.Name == "get_ChangeFeed" ? typeof(DelegatingSessionStore) : typeof(InstrumentedSessionStore))
        );

    [Test]
    public void The_stores_in_front_of_stores_are_found() =>
        Assert.That(
            Decorators,
            Is.SupersetOf([typeof(InstrumentedSessionStore), typeof(NotifyingSessionStore), typeof(FailingSessionStore)])
        );

    [TestCaseSource(nameof(Decorators))]
    public void A_store_in_front_of_a_store_derives_from_the_one_that_passes_everything_on(Type store) =>
        Assert.That(store.IsAssignableTo(typeof(DelegatingSessionStore)));

    private static MethodInfo FindImplementation(Type store, MethodInfo member)
    {
        var map = store.GetInterfaceMap(typeof(ISessionStore));
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, member)];
    }

    private static object CreateArgument(Type type) =>
        type == typeof(string) ? "text"
        : type == typeof(int) ? 7
        : type == typeof(SessionId) || type == typeof(SessionId?) ? SessionId.Create(null)
        : type == typeof(CancellationToken) ? new CancellationToken(canceled: true)
        : type == typeof(Session) ? new SampleSessions(TimeProvider.System, SeededRandom.Create()).Create()
        : type == typeof(SessionTag) ? new SessionTag { Name = "tenant", Value = "7" }
        : type == typeof(SessionMarker) ? SessionMarker.Replaced
        : type == typeof(IReadOnlyCollection<string>) ? (string[])["key"]
        : type == typeof(SessionLimit) ? new SessionLimit { Max = 1, Policy = SessionLimitPolicy.Refuse }
        : type == typeof(SessionPatch) ? new SessionPatch()
        : type == typeof(IReadOnlyList<SessionTouch>) ? Array.Empty<SessionTouch>()
        : throw new ArgumentOutOfRangeException(nameof(type), type, "The contract has a new kind of argument: add one here.");

    private sealed class ForwardingStore(ISessionStore inner) : DelegatingSessionStore(inner);
}
