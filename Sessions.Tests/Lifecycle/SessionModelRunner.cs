using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

/// <summary>Takes steps with a manager and with the model, side by side, and tells the first difference.</summary>
/// <param name="manager">The manager, with the rules as its options.</param>
/// <param name="store">Its store, to look behind its back.</param>
/// <param name="clock">The clock of both.</param>
/// <param name="rules">The rules.</param>
/// <param name="run">Sets the users of this walk apart from those of others on the same store.</param>
/// <param name="ends">What the manager told of ended sessions since the walk began.</param>
/// <param name="cancellationToken">For every call.</param>
internal sealed partial class SessionModelRunner(
    SessionManager manager,
    ISessionStore store,
    ManualTimeProvider clock,
    SessionModelOptions rules,
    int run,
    Func<IReadOnlyList<SessionEndedContext>> ends,
    CancellationToken cancellationToken
)
{
    public const int UserCount = 3;

    private readonly List<(SessionId Id, List<SessionToken> Tokens)> _sessions = [];
    private SessionModel _model = new(rules, clock.UtcNow);

    /// <summary>The first step after which something differs, and what; null: nothing ever did.</summary>
    public async Task<string?> DifferenceAsync(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            if (await DifferenceAsync(step) is { } difference)
            {
                return difference;
            }
        }

        // Nothing lost: whatever lives opens with its newest token, and whatever does not stays closed.
        for (var at = 0; at < _sessions.Count; at++)
        {
            if (await DifferenceAsync(new Step.Request(at, Age: 0, Slide: false)) is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    private async Task<string?> DifferenceAsync(Step step)
    {
        var answer = await ExecuteAsync(step);
        return answer.IsExpected
            ? await StateDifferenceAsync() is { } difference
                ? $"After {step}: {difference}"
                : null
            : $"{step} said {answer.Actual}, not {answer.Expected}.";
    }

    private async Task<string?> StateDifferenceAsync()
    {
        for (var user = 0; user < UserCount; user++)
        {
            var listed = (await new SessionAdministration(manager).FetchAllAsync(UserKey(user), cancellationToken))
                .Select(SessionSnapshot.Create)
                .ToList();
            var expected = _model.SessionsOf(UserKey(user)).Select(session => session.Facts).ToList();
            if (!listed.SequenceEqual(expected))
            {
                return $"{UserKey(user)} has [{string.Join(", ", listed)}], not [{string.Join(", ", expected)}].";
            }
        }

        foreach (var (id, _) in _sessions)
        {
            var facts = await store.FetchSessionAsync(id, cancellationToken) is { } session ? SessionSnapshot.Create(session) : null;
            if (facts != _model.Find(id)?.Facts)
            {
                return $"{id} is {facts?.ToString() ?? "not there"}, not {_model.Find(id)?.Facts.ToString() ?? "gone"}.";
            }
        }

        var told = ends().Select(end => (end.Session.Id, end.Reason)).ToList();
        return told.SequenceEqual(_model.Ends)
            ? null
            : $"the ends told are [{string.Join(", ", told)}], not [{string.Join(", ", _model.Ends)}].";
    }

    private string UserKey(int user) => $"user {user} of {run}";

    private (SessionId Id, List<SessionToken> Tokens) GetSession(int at) => _sessions[^(1 + (at % _sessions.Count))];

    private readonly record struct StepOutcome(object? Actual, object? Expected)
    {
        public bool IsExpected => Equals(Actual, Expected);
    }
}
