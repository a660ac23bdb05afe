using NUnit.Framework;
using Sessions.Stores;
using Sessions.Tests.Lifecycle;

namespace Sessions.Tests.Stores;

public sealed class SessionPatchTests
{
    private static readonly Session Before = FixedSamples.Session();
    private static readonly SessionCredential Next = Before.Credential with { Current = FixedSamples.Hash("next"), Generation = 9 };

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
    public void The_credential_is_replaced_when_it_is_the_expected_one()
    {
        AssertApplied(new SessionPatch { Credential = Change(Before.Credential) }, Before with { Credential = Next });
        AssertApplied(
            new SessionPatch
            {
                Credential = new() { Expected = Before.Credential, Next = Before.Credential with { ConfirmedAt = FixedSamples.Now } },
            },
            Before with
            {
                Credential = Before.Credential with { ConfirmedAt = FixedSamples.Now },
            }
        );
    }

    [Test]
    public void A_credential_that_differs_in_any_part_is_a_conflict()
    {
        AssertRefused(new SessionPatch { Credential = Change(Next) }, SessionUpdateOutcome.Conflict);
        AssertRefused(
            new SessionPatch { Credential = Change(Before.Credential with { ConfirmedAt = null }) },
            SessionUpdateOutcome.Conflict
        );
    }

    [Test]
    public void A_change_says_whether_there_is_another_token()
    {
        Assert.That(Change(Before.Credential).HasNewToken, Is.True);
        Assert.That(Change(Before.Credential with { Current = Next.Current }).HasNewToken, Is.False);
    }

    [Test]
    public void Tags_are_added_up_to_eight()
    {
        var tags = Enumerable.Range(0, 8 - Before.Tags.Count).Select(i => new SessionTag { Name = "new", Value = $"{i}" }).ToArray();
        var patch = new SessionPatch { Tags = SessionTags.Create(tags) };

        AssertApplied(patch, Before with { Tags = Before.Tags.With(tags) });
        AssertApplied(patch with { Tags = Before.Tags.With(tags) }, Before with { Tags = Before.Tags.With(tags) });
        AssertRefused(
            patch with
            {
                Tags = patch.Tags.With([new() { Name = "one", Value = "too many" }]),
                LastClient = ClientInfo.Unknown,
            },
            SessionUpdateOutcome.TooLarge
        );
    }

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
            Credential = Change(Before.Credential),
            LastClient = ClientInfo.Unknown,
            Reauthentication = CreateReauthentication(),
        };
        var after = patch.ApplyTo(Before).Session!;

        Assert.That(after.Values["theme"], Is.EqualTo("light"));
        Assert.That(after.Credential, Is.EqualTo(Next));
        Assert.That(after.LastClient, Is.EqualTo(ClientInfo.Unknown));
        Assert.That(after.EndsAt, Is.EqualTo(FixedSamples.Now.AddHours(3)));
    }

    [Test]
    public void One_condition_that_fails_stops_every_part() =>
        AssertRefused(
            new SessionPatch
            {
                Values = ValuesPatch.Empty.Set("theme", "light").Expect("theme", "blue"),
                Credential = Change(Before.Credential),
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

    private static CredentialChange Change(SessionCredential expected) => new() { Expected = expected, Next = Next };

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
