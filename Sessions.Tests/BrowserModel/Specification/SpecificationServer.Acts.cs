using System.Collections.Immutable;
using System.Globalization;
using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <content>What the endpoints do.</content>
internal sealed partial class SpecificationServer
{
    private Task RunAsync(SpecificationRequest request) =>
        request.Exchange.Act switch
        {
            ModelAct.Events or ModelAct.Socket => StreamAsync(request),
            ModelAct.SetValue => SetValueAsync(request),
            ModelAct.Rotate => RotateAsync(request),
            ModelAct.Reauthenticate => ReauthenticateAsync(request),
            ModelAct.SignIn => SignInAsync(request),
            ModelAct.SignOut => SignOutAsync(request),
            ModelAct.Visitor => StartVisitorAsync(request),
            ModelAct.RevokeAll => RevokeAllAsync(request),
            _ => ShowPageAsync(request),
        };

    private async Task ShowPageAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await StartAsync(request, 200);
    }

    private async Task StreamAsync(SpecificationRequest request)
    {
        await StartAsync(request, 200);
        await request.Exchange.HandleAsync();
    }

    private async Task SetValueAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await request.Exchange.WriteAsync();
        var step = request.Exchange.Step;
        var (key, value) = ($"k{step.Argument % 3}", step.Argument.ToString(CultureInfo.InvariantCulture));
        var changed = _store.Update(
            request.Session!.Id,
            stored => stored with { Values = (rules.Has(OverwritesValues) ? request.Session.Values : stored.Values).SetItem(key, value) }
        );
        request.IsStored = changed is not null;
        await StartAsync(request, 200);
    }

    private async Task RotateAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        var read = request.Session!.Rotation;
        if (request.Standing == TokenStanding.Current && rules.CanRotate(read))
        {
            await request.Exchange.WriteAsync();
            Rotate(request, RotationKind.Rotation, Now(request), read.Privileges);
        }
        else if (
            request.Standing == TokenStanding.Previous
            && read is { Kind: RotationKind.Rotation, DeliveredAt: null, ConfirmedAt: null }
        )
        {
            await request.Exchange.WriteAsync();
            GiveAgain(request, read);
        }

        await StartAsync(request, 200);
    }

    private async Task ReauthenticateAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await request.Exchange.WriteAsync();
        var now = Now(request);
        if (!Reauthenticate(request, now))
        {
            await StartAsync(request, 409);
            return;
        }

        if (request.Session!.Rotation is var rotation)
        {
            request.Privileges = rotation.Privileges;
        }

        await StartAsync(request, 200);
    }

    private bool Reauthenticate(SpecificationRequest request, DateTimeOffset now)
    {
        var read = request.Session!.Rotation;
        if (request.Standing == TokenStanding.Current)
        {
            return rules.CanRotate(read)
                ? Rotate(request, RotationKind.Reauthentication, now, now)
                : request.WasDelivered && RecordProof(request, now);
        }

        if (read is { Kind: RotationKind.Reauthentication, ConfirmedAt: null })
        {
            return GiveAgain(request, read with { DeliveredAt = now });
        }

        return rules.Has(RaisesUnshownToken) && read.ConfirmedAt is null && RecordProof(request, now) && GiveAgain(request, read);
    }

    /// <summary>The proof counts for the current token as it is.</summary>
    private bool RecordProof(SpecificationRequest request, DateTimeOffset now)
    {
        var current = request.Session!.Rotation.Current;
        var changed = _store.Update(
            request.Session.Id,
            stored =>
                stored.Rotation.Current == current
                    ? stored with
                    {
                        Rotation = rules.RecordProof(stored.Rotation, now),
                        EndsAt = now + settings.Lifetime,
                    }
                    : null
        );
        request.Session = changed ?? request.Session;
        return changed is not null;
    }

    private async Task SignOutAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await request.Exchange.WriteAsync();
        var isOwn = request.Standing != TokenStanding.Wrong && !(rules.Has(SignOutLeavesLateTokens) && request.Session is null);
        if (isOwn)
        {
            End(_store.Delete(request.Shown!.Id));
        }

        (request.Session, request.NewToken, request.DeletesCookie) = (null, null, true);
        await StartAsync(request, 200);
    }

    private async Task RevokeAllAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await request.Exchange.WriteAsync();
        if (request.Session!.UserKey is { } user)
        {
            foreach (var session in _store.DeleteAll(user))
            {
                End(session);
            }
        }
        else
        {
            End(_store.Delete(request.Session.Id));
        }

        (request.Session, request.DeletesCookie) = (null, true);
        await StartAsync(request, 200);
    }

    private async Task StartVisitorAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        await request.Exchange.WriteAsync();
        var mayHoldOther =
            (request.Standing is TokenStanding.Late && !rules.Has(StartsVisitorOverLateToken))
            || request.Standing is TokenStanding.Ahead
            || (_store.IsReplaced(request.Token?.Session) && !rules.Has(HasNoMarkers));
        if (request.Session is null && !mayHoldOther)
        {
            var (session, token) = NewSession(request, userKey: null, ImmutableDictionary<string, string>.Empty);
            // Written in one step with the look at the marker, as a conditional create does it.
            _store.Create(session, shown: DeadToken(request));
            observer.OnCreated(session.Id, null, request.Exchange.ShownSession);
            SetIssued(request, session, token);
        }

        await StartAsync(request, 200);
    }

    /// <summary>The session of a token that opened nothing: in its place one session is begun.</summary>
    private string? DeadToken(SpecificationRequest request) =>
        request.Shown is null && !rules.Has(MarksLivingOnly) ? request.Token?.Session : null;

    private (SpecificationSession Session, SpecificationToken Token) NewSession(
        SpecificationRequest request,
        string? userKey,
        ImmutableDictionary<string, string> values
    )
    {
        var id = $"{_random.NextUInt64():x16}{_random.NextUInt64():x16}"[..SessionId.Length];
        var token = SpecificationToken.Create(id, _random);
        var now = Now(request);
        var rotation = new RotationRecord
        {
            Lineage = token.Lineage,
            CreatedAt = now,
            Current = token.Secret,
            Privileges = userKey is null ? null : now,
        };
        var session = new SpecificationSession
        {
            Id = id,
            UserKey = userKey,
            EndsAt = now + settings.Lifetime,
            Rotation = rotation,
            Values = values,
        };
        return (session, token);
    }

    private static void SetIssued(SpecificationRequest request, SpecificationSession session, SpecificationToken token)
    {
        (request.Session, request.NewToken) = (session, token);
        request.Privileges = session.Rotation.Privileges;
    }

    private void End(SpecificationSession? session, ModelEnd reason = ModelEnd.Act)
    {
        if (session is not null)
        {
            observer.OnEnded(session.Id, reason);
        }
    }
}
