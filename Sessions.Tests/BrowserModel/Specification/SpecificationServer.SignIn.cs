using System.Collections.Immutable;
using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <content>Signing in: the new session first, then the end of the one that the browser held.</content>
internal sealed partial class SpecificationServer
{
    private async Task SignInAsync(SpecificationRequest request)
    {
        await request.Exchange.HandleAsync();
        var user = $"user{request.Exchange.Step.Argument % 2}";
        var held = IsHeld(request) ? request.Shown : null;
        var values = request.Session is { } accepted && (accepted.UserKey is null || accepted.UserKey == user) ? accepted.Values : null;
        if (rules.Has(DestroysBeforeCreate) && held is not null)
        {
            End(_store.Delete(held.Id, isReplaced: true), ModelEnd.SignIn);
        }

        await request.Exchange.WriteAsync();
        var (session, token) = NewSession(request, user, values ?? ImmutableDictionary<string, string>.Empty);
        if (held?.UserKey == user)
        {
            // One step of the store: both are in one shard.
            ReplaceOwn(session, held, values is not null);
        }
        else
        {
            _store.Create(session, shown: DeadToken(request));
            observer.OnCreated(session.Id, user, request.Exchange.ShownSession);
            if (held is not null)
            {
                await request.Exchange.WriteAsync();
                EndHeld(session.Id, held.Id, values is not null);
            }
        }

        SetIssued(request, session, token);
        await StartAsync(request, 200);
    }

    /// <summary>Ids are public: only a token of the session ends it, and one of any age does.</summary>
    private bool IsHeld(SpecificationRequest request) =>
        request.Standing switch
        {
            TokenStanding.Current or TokenStanding.Previous => true,
            TokenStanding.Late or TokenStanding.Copied => !rules.Has(SignInLeavesOldTokens),
            _ => false,
        };

    private void ReplaceOwn(SpecificationSession session, SpecificationSession held, bool takesValues)
    {
        // Read and written in one step here, as a store does it that replaces.
        var values =
            takesValues && !rules.Has(CopiesOldValues) && _store.Read(held.Id, DateTimeOffset.MinValue) is { } stored
                ? stored.Values
                : session.Values;
        _store.Create(session with { Values = values }, replaces: held.Id);
        observer.OnCreated(session.Id, session.UserKey, held.Id);
        observer.OnEnded(held.Id, ModelEnd.SignIn);
    }

    /// <summary>Ends the old session; a failure is made good in the background, since the sign-in stands.</summary>
    private void EndHeld(string session, string held, bool takesValues)
    {
        try
        {
            var ended = _store.Delete(held, isReplaced: true);
            End(ended, ModelEnd.SignIn);
            if (takesValues && ended is not null && !rules.Has(CopiesOldValues))
            {
                // What was saved between the check and the end.
                _store.Update(session, stored => stored with { Values = stored.Values.SetItems(ended.Values) });
            }
        }
        catch (SpecificationStoreException)
        {
            queue.Schedule(TimeSpan.FromSeconds(1), () => EndHeld(session, held, takesValues));
        }
    }
}
