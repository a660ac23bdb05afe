using NUnit.Framework;

namespace Sessions.Testing;

public abstract partial class SessionStoreConformanceTests<TBackend>
{
    private static SessionTouch Touch(Session session, TimeSpan by) =>
        new()
        {
            Id = session.Id,
            LastSeenAt = session.LastSeenAt + by,
            ExpiresAt = session.ExpiresAt + by,
        };

    [Test]
    public async Task A_touch_moves_last_use_and_expiry_and_nothing_else()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var touch = Touch(session, TimeSpan.FromMinutes(7));

        await Store.TouchAsync([touch], Token);

        await AssertStoredAsync(session with { LastSeenAt = touch.LastSeenAt, ExpiresAt = touch.ExpiresAt });
    }

    [Test]
    public async Task A_touch_moves_nothing_back()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await Store.TouchAsync([Touch(session, -s_millisecond)], Token);
        await AssertStoredAsync(session);

        await Store.TouchAsync([Touch(session, TimeSpan.Zero)], Token);
        await AssertStoredAsync(session);
    }

    [Test]
    public async Task Last_use_and_expiry_are_moved_each_for_itself()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var (seen, expires) = (session.LastSeenAt.AddMinutes(1), session.ExpiresAt.AddMinutes(1));

        await Store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = seen,
                    ExpiresAt = session.ExpiresAt.AddMinutes(-9),
                },
            ],
            Token
        );
        await AssertStoredAsync(session with { LastSeenAt = seen });

        await Store.TouchAsync(
            [
                new()
                {
                    Id = session.Id,
                    LastSeenAt = seen.AddMinutes(-9),
                    ExpiresAt = expires,
                },
            ],
            Token
        );
        await AssertStoredAsync(session with { LastSeenAt = seen, ExpiresAt = expires });
    }

    [Test]
    public async Task A_touch_moves_no_expiry_past_the_absolute_end()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var visitor = await CreateAsync(Samples.Create(userKey: null) with { EndsAt = Clock.UtcNow.AddHours(1).AddMilliseconds(1) });
        var touch = Touch(session, TimeSpan.FromDays(100));

        await Store.TouchAsync([touch, Touch(visitor, TimeSpan.FromMinutes(9))], Token);

        await AssertStoredAsync(session with { LastSeenAt = touch.LastSeenAt, ExpiresAt = session.EndsAt });
        await AssertStoredAsync(visitor with { LastSeenAt = visitor.LastSeenAt.AddMinutes(9), ExpiresAt = visitor.EndsAt });
    }

    [Test]
    public async Task A_touch_from_before_the_end_came_nearer_moves_no_expiry_past_it()
    {
        var session = await CreateAsync(Samples.CreateFull());
        var nearer = new Reauthentication
        {
            At = Clock.UtcNow,
            ExpiresAt = Clock.UtcNow.AddMinutes(1),
            EndsAt = Clock.UtcNow.AddMinutes(2),
        };
        await Store.UpdateAsync(session.Id, new SessionPatch { Reauthentication = nearer }, Token);

        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(1))], Token);

        Assert.That((await Store.FetchSessionAsync(session.Id, Token))!.ExpiresAt, Is.EqualTo(nearer.EndsAt));
    }

    [Test]
    public async Task A_touched_session_lives_until_the_instant_of_its_new_expiry()
    {
        var session = await CreateAsync(Samples.Create());
        var touch = Touch(session, TimeSpan.FromMinutes(7));
        await Store.TouchAsync([touch], Token);

        Clock.UtcNow = touch.ExpiresAt - s_millisecond;
        Assert.That(await Store.FetchSessionAsync(session.Id, Token), Is.Not.Null);
        Assert.That(await Store.FetchAllAsync("ann", Token), Has.Count.EqualTo(1));

        Clock.UtcNow = touch.ExpiresAt;
        await AssertGoneAsync(session.Id);
        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
    }

    [Test]
    public async Task An_id_that_stands_twice_is_touched_twice()
    {
        var first = await CreateAsync(Samples.Create());
        var second = await CreateAsync(Samples.Create());
        var (seen, expires) = (first.LastSeenAt.AddMinutes(3), first.ExpiresAt.AddMinutes(5));

        await Store.TouchAsync(
            [
                new()
                {
                    Id = first.Id,
                    LastSeenAt = seen,
                    ExpiresAt = first.ExpiresAt,
                },
                new()
                {
                    Id = second.Id,
                    LastSeenAt = second.LastSeenAt,
                    ExpiresAt = expires,
                },
                new()
                {
                    Id = first.Id,
                    LastSeenAt = first.LastSeenAt,
                    ExpiresAt = expires,
                },
                new()
                {
                    Id = second.Id,
                    LastSeenAt = seen,
                    ExpiresAt = second.ExpiresAt,
                },
            ],
            Token
        );

        await AssertStoredAsync(first with { LastSeenAt = seen, ExpiresAt = expires });
        await AssertStoredAsync(second with { LastSeenAt = seen, ExpiresAt = expires });
    }

    [Test]
    public async Task Unknown_sessions_are_passed_over()
    {
        var session = await CreateAsync(Samples.Create());
        var unknown = Samples.Create();
        var touch = Touch(session, TimeSpan.FromMinutes(7));

        await Store.TouchAsync([Touch(unknown, TimeSpan.FromMinutes(7)), touch], Token);

        await AssertStoredAsync(session with { LastSeenAt = touch.LastSeenAt, ExpiresAt = touch.ExpiresAt });
        await AssertNoRecordAsync(unknown);
    }

    [Test]
    public async Task A_touch_does_not_bring_back_what_was_deleted()
    {
        var session = await CreateAsync(Samples.Create());
        await Store.DeleteAsync(session.Id, Token);

        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(7))], Token);

        Assert.That(await Store.FetchAllAsync("ann", Token), Is.Empty);
        await AssertNoRecordAsync(session);
    }

    [Test]
    public async Task A_touch_does_not_bring_back_what_has_expired()
    {
        var session = await CreateAsync(Samples.Create());
        var alive = await CreateAsync(Samples.Create(lifetime: TimeSpan.FromHours(2)));
        Clock.UtcNow = session.ExpiresAt;
        var touch = Touch(alive, TimeSpan.FromMinutes(7));

        await Store.TouchAsync([Touch(session, TimeSpan.FromMinutes(7)), touch], Token);

        await AssertGoneAsync(session.Id);
        Assert.That(
            await Store.FetchAllAsync("ann", Token),
            Is.EqualTo([alive with { LastSeenAt = touch.LastSeenAt, ExpiresAt = touch.ExpiresAt }])
        );
    }

    [Test]
    public async Task A_session_is_touched_until_the_instant_of_its_expiry()
    {
        var session = await CreateAsync(Samples.Create());
        Clock.UtcNow = session.ExpiresAt - s_millisecond;
        var touch = Touch(session, TimeSpan.FromMinutes(7));

        await Store.TouchAsync([touch], Token);

        await AssertStoredAsync(session with { LastSeenAt = touch.LastSeenAt, ExpiresAt = touch.ExpiresAt });
    }

    [Test]
    public async Task No_touches_change_nothing()
    {
        var session = await CreateAsync(Samples.CreateFull());

        await Store.TouchAsync([], Token);

        await AssertStoredAsync(session);
    }

    [Test]
    public async Task A_thousand_sessions_are_touched_in_one_call()
    {
        var mine = await CreateManyAsync(600, "ann");
        var yours = await CreateManyAsync(399, "bob");
        var visitor = await CreateAsync(Samples.Create(userKey: null));
        var minutes = 0;
        var touches = mine.Concat(yours).Append(visitor).Select(session => Touch(session, TimeSpan.FromMinutes(++minutes))).ToArray();

        await Store.TouchAsync(touches, Token);

        var listed = (await Store.FetchAllAsync("ann", Token)).Concat(await Store.FetchAllAsync("bob", Token));
        var touched = listed.Append((await Store.FetchSessionAsync(visitor.Id, Token))!);
        Assert.That(
            touched.Select(session => new SessionTouch
            {
                Id = session.Id,
                LastSeenAt = session.LastSeenAt,
                ExpiresAt = session.ExpiresAt,
            }),
            Is.EqualTo(touches)
        );
    }
}
