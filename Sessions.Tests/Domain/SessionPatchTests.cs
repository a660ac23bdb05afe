using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Domain;

public sealed class SessionPatchTests
{
    private static readonly Session Before = FixedSamples.Session();
    private static readonly Sha256Hash Current = Before.Credential.Secret;
    private static readonly Sha256Hash Next = FixedSamples.Hash("next");

    [Test]
    public void An_empty_patch_is_applied_and_changes_nothing() => AssertApplied(new SessionPatch(), Before);

    [Test]
    public void Values_are_set_and_removed_key_by_key()
    {
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("theme", "light").Set("new", "1").Remove("cart").Remove("absent") };

        AssertApplied(
            patch,
            Before with
            {
                Values = SessionValues.From([new("theme", "light"), new("new", "1"), new("empty", "")]),
            },
            SessionValues.Empty.Set("cart", Before.Values["cart"])
        );
    }

    [Test]
    public void Values_that_are_as_expected_let_the_patch_pass()
    {
        var patch = ValuesPatch.Empty.Expect("theme", "dark").Expect("empty", "").Expect("absent", null).Set("theme", "light");

        AssertApplied(new SessionPatch { Values = patch }, Before with { Values = Before.Values.Set("theme", "light") });
    }

    [TestCase("theme", "light")]
    [TestCase("theme", "Dark")]
    [TestCase("theme", null)]
    [TestCase("absent", "dark")]
    [TestCase("absent", "")]
    [TestCase("empty", null)]
    public void Values_that_are_not_as_expected_are_a_conflict(string key, string? expected) =>
        AssertRefused(
            new SessionPatch { Values = ValuesPatch.Empty.Set("new", "1").Expect("cart", Before.Values["cart"]).Expect(key, expected) },
            SessionUpdateOutcome.Conflict
        );

    [Test]
    public void Values_may_reach_the_limit_and_not_pass_it()
    {
        var patch = new SessionPatch { Values = ValuesPatch.Empty.Set("theme", "é").Remove("cart") };
        const int bytes = 5 + 2 + 5;

        AssertApplied(
            patch with
            {
                MaxValuesBytes = bytes,
            },
            Before with
            {
                Values = SessionValues.From([new("theme", "é"), new("empty", "")]),
            },
            SessionValues.Empty.Set("cart", Before.Values["cart"])
        );
        AssertRefused(patch with { MaxValuesBytes = bytes - 1, LastClient = ClientInfo.Unknown }, SessionUpdateOutcome.TooLarge);
    }

    [Test]
    public void A_patch_that_only_removes_is_never_too_large() =>
        AssertApplied(
            new SessionPatch { Values = ValuesPatch.Empty.Remove("empty"), MaxValuesBytes = 0 },
            Before with
            {
                Values = Before.Values.Remove("empty"),
            },
            SessionValues.Empty.Set("empty", "")
        );

    [Test]
    public void A_rotation_replaces_the_secret_and_awaits_its_confirmation()
    {
        var patch = new SessionPatch { Rotation = CreateRotation(Current, Current) };

        AssertApplied(
            patch,
            Before with
            {
                Credential = Before.Credential with { Secret = Next, Previous = Current, RotatedAt = FixedSamples.Now, ConfirmedAt = null },
            }
        );
    }

    [Test]
    public void A_rotation_may_leave_no_previous_secret()
    {
        var patch = new SessionPatch { Rotation = CreateRotation(Current, previous: null) };

        Assert.That(patch.ApplyTo(Before).Session!.Credential.Previous, Is.Null);
    }

    [Test]
    public void A_rotation_of_another_secret_is_a_conflict() =>
        AssertRefused(
            new SessionPatch { Rotation = CreateRotation(Before.Credential.Previous!.Value, Current) },
            SessionUpdateOutcome.Conflict
        );

    [Test]
    public void A_confirmation_is_written_down_once()
    {
        var unconfirmed = Before with { Credential = Before.Credential with { ConfirmedAt = null } };
        var patch = CreateConfirmation(Current, FixedSamples.Now.AddMinutes(1));

        AssertApplied(
            patch,
            unconfirmed with
            {
                Credential = Before.Credential with { ConfirmedAt = FixedSamples.Now.AddMinutes(1) },
            },
            from: unconfirmed
        );
        AssertApplied(patch, Before);
    }

    [Test]
    public void A_confirmation_of_another_secret_is_a_conflict() =>
        AssertRefused(CreateConfirmation(Next, FixedSamples.Now), SessionUpdateOutcome.Conflict);

    [Test]
    public void The_last_client_is_replaced()
    {
        var client = new ClientInfo { Browser = "Firefox" };

        AssertApplied(new SessionPatch { LastClient = client }, Before with { LastClient = client });
    }

    [TestCase("otp")]
    [TestCase(null)]
    public void Reauthentication_moves_the_end(string? method)
    {
        var (at, expires, ends) = (FixedSamples.Now.AddHours(1), FixedSamples.Now.AddHours(2), FixedSamples.Now.AddHours(3));

        AssertApplied(
            new SessionPatch
            {
                Reauthentication = new()
                {
                    At = at,
                    Method = method,
                    ExpiresAt = expires,
                    EndsAt = ends,
                },
            },
            Before with
            {
                AuthenticatedAt = at,
                AuthenticationMethod = method,
                ExpiresAt = expires,
                EndsAt = ends,
            }
        );
    }

    [Test]
    public void All_parts_are_applied_together()
    {
        var patch = new SessionPatch
        {
            Values = ValuesPatch.Empty.Set("theme", "light"),
            Rotation = CreateRotation(Current, Current),
            LastClient = ClientInfo.Unknown,
            Reauthentication = CreateReauthentication(),
        };
        var after = patch.ApplyTo(Before).Session!;

        Assert.That(after.Values["theme"], Is.EqualTo("light"));
        Assert.That(after.Credential.Secret, Is.EqualTo(Next));
        Assert.That(after.LastClient, Is.EqualTo(ClientInfo.Unknown));
        Assert.That(after.EndsAt, Is.EqualTo(FixedSamples.Now.AddHours(3)));
    }

    [Test]
    public void One_condition_that_fails_stops_every_part() =>
        AssertRefused(
            new SessionPatch
            {
                Values = ValuesPatch.Empty.Set("theme", "light").Expect("theme", "blue"),
                Rotation = CreateRotation(Current, Current),
                LastClient = ClientInfo.Unknown,
                Reauthentication = CreateReauthentication(),
            },
            SessionUpdateOutcome.Conflict
        );

    [Test]
    public void A_session_that_is_gone_comes_with_nothing()
    {
        Assert.That(SessionUpdate.Gone.Outcome, Is.EqualTo(SessionUpdateOutcome.Gone));
        Assert.That(SessionUpdate.Gone.Session, Is.Null);
        Assert.That(SessionUpdate.Gone.Removed, Is.EqualTo(SessionValues.Empty));
    }

    private static SessionPatch CreateConfirmation(Sha256Hash secret, DateTimeOffset at) =>
        new()
        {
            Confirmation = new() { Secret = secret, At = at },
        };

    private static SecretRotation CreateRotation(Sha256Hash expected, Sha256Hash? previous) =>
        new()
        {
            Expected = expected,
            Next = Next,
            Previous = previous,
            At = FixedSamples.Now,
        };

    private static Reauthentication CreateReauthentication() =>
        new()
        {
            At = FixedSamples.Now,
            Method = "otp",
            ExpiresAt = FixedSamples.Now.AddHours(2),
            EndsAt = FixedSamples.Now.AddHours(3),
        };

    private static void AssertApplied(SessionPatch patch, Session after, SessionValues? removed = null, Session? from = null) =>
        Assert.That(
            patch.ApplyTo(from ?? Before),
            Is.EqualTo(
                new SessionUpdate
                {
                    Outcome = SessionUpdateOutcome.Applied,
                    Session = after,
                    Removed = removed ?? SessionValues.Empty,
                }
            )
        );

    private static void AssertRefused(SessionPatch patch, SessionUpdateOutcome outcome)
    {
        var update = patch.ApplyTo(Before);

        Assert.That(update, Is.EqualTo(new SessionUpdate { Outcome = outcome, Session = Before }));
        Assert.That(update.Session, Is.SameAs(Before));
    }
}
