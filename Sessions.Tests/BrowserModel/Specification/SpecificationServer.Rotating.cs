using System.Globalization;
using static Sessions.Tests.BrowserModel.Specification.RotationFaults;

namespace Sessions.Tests.BrowserModel.Specification;

/// <content>New tokens: each write holds only if what it rests on is still so.</content>
internal sealed partial class SpecificationServer
{
    private async Task RotateIfDueAsync(SpecificationRequest request)
    {
        var read = request.Session!.Rotation;
        var now = Now(request);
        if (rules.IsRotationDue(read, now))
        {
            await request.Exchange.WriteAsync();
            Rotate(request, RotationKind.Rotation, now, read.Privileges);
        }
    }

    private async Task ReissueIfDueAsync(SpecificationRequest request)
    {
        var old = rules.Has(ReissuesOnOldEvidence);
        var read = old ? request.Session : _store.Read(request.Session!.Id, Now(request));
        if (read is not null && read.Rotation.Previous == request.Token!.Secret && rules.IsReissueDue(read.Rotation, Now(request)))
        {
            await request.Exchange.WriteAsync();
            GiveAgain(request, read.Rotation, old);
        }
    }

    /// <summary>Replaces the current token, if it is still the one that was shown and may be replaced.</summary>
    private bool Rotate(SpecificationRequest request, RotationKind kind, DateTimeOffset now, DateTimeOffset? privileges)
    {
        var read = request.Session!.Rotation;
        var salt = _random.NextUInt64().ToString("x", CultureInfo.InvariantCulture);
        var changed = _store.Update(
            request.Session.Id,
            stored =>
                rules.Has(RotatesOnOldEvidence)
                || (stored.Rotation.Current == request.Token!.Secret && stored.Rotation.ConfirmedAt == read.ConfirmedAt)
                    ? stored with
                    {
                        Rotation = rules.Rotate(
                            rules.Has(RotatesOnOldEvidence) ? read : stored.Rotation,
                            request.Token!.Secret,
                            salt,
                            kind,
                            now,
                            privileges
                        ),
                        EndsAt = kind == RotationKind.Reauthentication ? now + settings.Lifetime : stored.EndsAt,
                    }
                    : null
        );
        SetRotated(request, changed);
        return changed is not null;
    }

    /// <summary>Gives the current token once more, if it is still what the decision rests on.</summary>
    private bool GiveAgain(SpecificationRequest request, RotationRecord read, bool unconditional = false)
    {
        var changed = _store.Update(
            request.Session!.Id,
            stored =>
                unconditional ? stored
                : stored.Rotation.Current == read.Current
                && stored.Rotation.ConfirmedAt is null
                && (read.DeliveredAt is not null || stored.Rotation.DeliveredAt is null)
                    ? stored with
                    {
                        Rotation = GiveAgain(stored.Rotation),
                    }
                : null
        );
        if (changed is not null)
        {
            request.NewToken = request.Token!.Next(unconditional ? read : changed.Rotation);
        }

        return changed is not null;
    }

    private RotationRecord GiveAgain(RotationRecord record)
    {
        var given = rules.GiveAgain(record);
        return rules.Has(ReissuesAnother) ? given with { Current = SpecificationToken.Derive(record.Current, "another") } : given;
    }

    private static void SetRotated(SpecificationRequest request, SpecificationSession? changed)
    {
        if (changed is not null)
        {
            request.Session = changed;
            request.NewToken = request.Token!.Next(changed.Rotation);
        }
    }
}
