namespace Sessions.Tests.Lifecycle;

/// <content>What each step is, for the manager and for the model.</content>
internal sealed partial class SessionModelRunner
{
    private async Task<StepOutcome> ExecuteAsync(Step step) =>
        step switch
        {
            Step.Init s => AddSession(await manager.InitAsync(UserKey(s.User), null, cancellationToken), UserKey(s.User)),
            Step.Start => AddSession(await manager.StartVisitorAsync(null, cancellationToken), userKey: null),
            Step.RevokeUser s => await RevokeUserAsync(UserKey(s.User)),
            Step.Flush => await AdvanceAsync(_ => TimeSpan.Zero),
            Step.Wait s => await AdvanceAsync(_ => s.Time),
            _ when _sessions.Count == 0 => default,
            Step.Request s => await RequestAsync(s),
            Step.MalformedToken s => await GarbageAsync(GetSession(s.At).Id),
            Step.LogIn s => await WithTokenAsync(s.At, age: 0, current => LogInAsync(s, current)),
            Step.LogOut s => await WithTokenAsync(s.At, age: 0, current => LogOutAsync(s, current)),
            Step.Rotate s => await WithTokenAsync(s.At, s.Age, (_, result) => RotateAsync(s, result)),
            Step.Reauthenticate s => await WithTokenAsync(s.At, age: 0, (_, result) => ReauthenticateAsync(s, result)),
            Step.RevokeOwn s => await WithTokenAsync(s.At, age: 0, current => RevokeOwnAsync(current, GetSession(s.Other).Id)),
            Step.RevokeOther s => await WithTokenAsync(s.At, age: 0, RevokeOtherAsync),
            Step.RevokeAll s => await WithTokenAsync(s.At, age: 0, RevokeAllAsync),
            Step.Revoke s => await RevokeAsync(GetSession(s.At).Id),
            Step.Put s => await PutAsync(GetSession(s.At).Id, $"key {s.Key}", $"{s.Value}", ifAbsent: false),
            Step.PutIfAbsent s => await PutAsync(GetSession(s.At).Id, $"key {s.Key}", $"{s.Value}", ifAbsent: true),
            Step.Take s => await ExecuteAsync(GetSession(s.At).Id, $"key {s.Key}"),
            Step.RequestAtExpiry s => await RequestAtAsync(s.At, age: 0, session => UntilExpiry(session, s.Reached)),
            Step.RequestAtGraceEnd s => await RequestAtAsync(s.At, age: 1, session => UntilGrace(session, s.Over)),
            _ => throw new ArgumentException($"Nobody knows how to take {step}.", nameof(step)),
        };

    private StepOutcome AddSession(IssuedSession issued, string? userKey)
    {
        _sessions.Add((issued.Session.Id, [issued.Token]));
        _model = _model.Begin(issued.Session.Id, userKey);
        return default;
    }

    /// <summary>Shows a token, and goes on with the session if it opens one.</summary>
    private Task<StepOutcome> WithTokenAsync(int at, int age, Func<Session, Task<StepOutcome>> goOn) =>
        WithTokenAsync(at, age, (current, _) => goOn(current));

    private async Task<StepOutcome> WithTokenAsync(int at, int age, Func<Session, SessionAuthResult, Task<StepOutcome>> goOn)
    {
        var (id, tokens) = GetSession(at);
        var secret = TokenIndex(tokens, age);
        var verdict = await manager.AuthAsync(tokens[secret], null, cancellationToken);
        (_model, var expected) = _model.PresentToken(id, secret);
        var answer = new StepOutcome(verdict.Rejection, expected);
        return answer.IsExpected && verdict.Session is { } session ? await goOn(session, verdict) : answer;
    }

    private async Task<StepOutcome> RequestAsync(Step.Request step)
    {
        var (id, tokens) = GetSession(step.At);
        var secret = TokenIndex(tokens, step.Age);
        var verdict = await manager.AuthAsync(tokens[secret], null, cancellationToken);
        verdict = await manager.Authenticator.RecordUseAsync(verdict, null, step.Slide, cancellationToken);
        var next = manager.Authenticator.IsCookieDue(verdict)
            ? await manager.Authenticator.RenewTokenAsync(verdict, tokens[secret], cancellationToken)
            : null;
        AddToken(tokens, next);
        (_model, var rejection, var rotates) = _model.Request(id, secret, step.Slide);
        return new((verdict.Rejection, next is not null), (rejection, rotates));
    }

    private async Task<StepOutcome> GarbageAsync(SessionId id)
    {
        var verdict = await manager.AuthAsync(ForgedToken.Create(id), null, cancellationToken);
        (_model, var expected) = _model.PresentToken(id, generation: null);
        return new(verdict.Rejection, expected);
    }

    private async Task<StepOutcome> LogInAsync(Step.LogIn step, Session current)
    {
        var init = new SessionInit { ReplacedToken = GetSession(step.At).Tokens[^1], Exclusive = step.Exclusive };
        var issued = await manager.InitAsync(UserKey(step.User), init, cancellationToken);
        var values = current.UserKey is null || current.UserKey == UserKey(step.User) ? _model.Find(current.Id)!.Values : null;
        _sessions.Add((issued.Session.Id, [issued.Token]));
        var reason = current.UserKey is null ? SessionEndReason.SignedIn : SessionEndReason.Replaced;
        _model = _model.End(current.Id, reason).Begin(issued.Session.Id, UserKey(step.User), values, step.Exclusive);
        return default;
    }

    private async Task<StepOutcome> LogOutAsync(Step.LogOut step, Session current)
    {
        var issued = await manager.LogOutAsync(current, step.KeepValues, cancellationToken);
        if (current.UserKey is null)
        {
            return new(issued is not null, false);
        }

        var values = _model.Find(current.Id)!.Values;
        _model = _model.End(current.Id, SessionEndReason.SignedOut);
        if (issued is not null)
        {
            _sessions.Add((issued.Session.Id, [issued.Token]));
            _model = _model.Begin(issued.Session.Id, user: null, values);
        }

        return new(issued is not null, step.KeepValues && values.Count > 0);
    }

    private async Task<StepOutcome> RotateAsync(Step.Rotate step, SessionAuthResult result)
    {
        var (id, tokens) = GetSession(step.At);
        var shown = TokenIndex(tokens, step.Age);
        var next = await manager.Authenticator.RotateAsync(result, tokens[shown], cancellationToken);

        // A second request that saw the same comes too late, unless it is given the same token.
        var second = await manager.Authenticator.RotateAsync(result, tokens[shown], cancellationToken);
        AddToken(tokens, next);
        (_model, var givesToken, var isGivenAgain) = _model.RotateOnDemand(id, shown);
        return new((next is not null, second is not null), (givesToken, isGivenAgain));
    }

    private async Task<StepOutcome> ReauthenticateAsync(Step.Reauthenticate step, SessionAuthResult result)
    {
        var (id, tokens) = GetSession(step.At);
        var issued = await manager.Authenticator.ReauthenticateAsync(result, tokens[^1], "pwd", cancellationToken);
        AddToken(tokens, issued?.Token);
        (_model, var isProven) = _model.Reauthenticate(id);
        return new(issued is not null, isProven);
    }

    private static void AddToken(List<SessionToken> tokens, SessionToken? token)
    {
        if (token is { } given && !tokens.Contains(given))
        {
            tokens.Add(given);
        }
    }

    private async Task<StepOutcome> PutAsync(SessionId id, string key, string value, bool ifAbsent)
    {
        var patch = ValuesPatch.Empty.Set(key, value);
        var update = await manager.UpdateValuesAsync(id, ifAbsent ? patch.Expect(key, null) : patch, cancellationToken);
        var session = _model.Find(id);
        if (session is null)
        {
            return new(update.Outcome, SessionUpdateOutcome.Gone);
        }

        if (ifAbsent && session.Values.ContainsKey(key))
        {
            return new(update.Outcome, SessionUpdateOutcome.Conflict);
        }

        _model = _model.SetValue(id, key, value);
        return new(update.Outcome, SessionUpdateOutcome.Applied);
    }

    private async Task<StepOutcome> ExecuteAsync(SessionId id, string key)
    {
        var taken = await manager.TakeValueAsync(id, key, cancellationToken);
        var expected = _model.Find(id)?.Values.GetValueOrDefault(key);
        _model = _model.SetValue(id, key, null);
        return new(taken, expected);
    }

    private async Task<StepOutcome> AdvanceAsync(Func<SessionModel, TimeSpan> time)
    {
        // Written before the clock moves, for else it would be left to chance whether a slow store writes before a session expires.
        await manager.Authenticator.FlushAsync(cancellationToken);
        _model = _model.Flush();
        var wait = time(_model);
        clock.Advance(wait);
        _model = _model.Advance(wait);
        return default;
    }

    private async Task<StepOutcome> RequestAtAsync(int at, int age, Func<ModelSession?, TimeSpan> wait)
    {
        await AdvanceAsync(model => wait(model.Find(GetSession(at).Id)));
        return await RequestAsync(new Step.Request(at, age, Slide: false));
    }

    private static int TokenIndex(List<SessionToken> tokens, int age) => Math.Max(0, tokens.Count - 1 - age);

    private TimeSpan UntilExpiry(ModelSession? session, bool reached) =>
        session is null ? TimeSpan.Zero : session.ExpiresAt - _model.Now - TimeSpan.FromMilliseconds(reached ? 0 : 1);

    private TimeSpan UntilGrace(ModelSession? session, bool over)
    {
        var until = session?.Rotation.ConfirmedAt + rules.Grace + rules.Tolerance + TimeSpan.FromMilliseconds(over ? 1 : 0) - _model.Now;
        return until > TimeSpan.Zero ? until.Value : TimeSpan.Zero;
    }
}
