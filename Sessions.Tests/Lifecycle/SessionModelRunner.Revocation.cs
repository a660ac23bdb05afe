namespace Sessions.Tests.Lifecycle;

/// <content>Steps that end sessions.</content>
internal sealed partial class SessionModelRunner
{
    private async Task<StepOutcome> RevokeAsync(SessionId id)
    {
        var ended = await new SessionAdministration(manager).RevokeAsync(id, cancellationToken);
        var expected = _model.Find(id)?.Facts;
        _model = _model.End(id, SessionEndReason.Administrator);
        return new(ended is null ? null : SessionSnapshot.Create(ended), expected);
    }

    private async Task<StepOutcome> RevokeUserAsync(string userKey)
    {
        var ended = await new SessionAdministration(manager).RevokeAllAsync(userKey, cancellationToken);
        var expected = _model.SessionsOf(userKey);
        _model = _model.End(expected, _ => SessionEndReason.Administrator);
        return new(ended, expected.Count);
    }

    private async Task<StepOutcome> RevokeOwnAsync(Session current, SessionId id)
    {
        var ended = await manager.RevokeAsync(current, id, cancellationToken);
        var own = id == current.Id || (current.UserKey is not null && _model.Find(id)?.UserKey == current.UserKey);
        _model = own ? _model.End(id, Reason(current, id)) : _model;
        return new(ended, own);
    }

    private async Task<StepOutcome> RevokeOtherAsync(Session current)
    {
        var ended = await manager.RevokeOtherAsync(current, cancellationToken);
        var expected = Others(current);
        _model = _model.End(expected, _ => SessionEndReason.OtherDevice);
        return new(ended, expected.Count);
    }

    private async Task<StepOutcome> RevokeAllAsync(Session current)
    {
        var ended = await manager.RevokeAllAsync(current, cancellationToken);
        IReadOnlyList<ModelSession> expected = current.UserKey is null ? [_model.Find(current.Id)!] : _model.SessionsOf(current.UserKey);
        _model = _model.End(expected, id => Reason(current, id));
        return new(ended, expected.Count);
    }

    private List<ModelSession> Others(Session current) =>
        current.UserKey is null ? [] : [.. _model.SessionsOf(current.UserKey).Where(session => session.Id != current.Id)];

    private static SessionEndReason Reason(Session current, SessionId ended) =>
        ended == current.Id ? SessionEndReason.SignedOut : SessionEndReason.OtherDevice;
}
