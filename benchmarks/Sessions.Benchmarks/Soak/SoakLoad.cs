using System.Diagnostics;
using Sessions.Bench.Places;
using Sessions.Testing;

namespace Sessions.Bench.Soak;

/// <summary>Everything that happens to sessions, a thousand at a time, with a few seconds between as the clock tells them.</summary>
internal sealed class SoakLoad(SessionManager manager, ManualTimeProvider clock, string prefix)
{
    private const int Concurrency = 32;
    private const int Batch = 1_000;
    private const int PerUser = 10;

    public static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_betweenBatches = TimeSpan.FromSeconds(5);

    public static void Configure(SessionUpOptions options)
    {
        options.Lifetime = TimeSpan.FromMinutes(2);
        options.IdleTimeout = IdleTimeout;
        options.SweepInterval = SweepInterval;
    }

    /// <summary>A little of everything, and all of it revoked.</summary>
    public async Task WarmUpAsync()
    {
        var begun = await BeginAsync(0);
        await UseAsync(begun);
        foreach (var issued in begun)
        {
            await new SessionAdministration(manager).RevokeAsync(issued.Session.Id);
        }

        await manager.Authenticator.FlushAsync();
    }

    /// <returns>How many sessions came.</returns>
    public async Task<int> RunAsync(int sessions, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        IssuedSession[] earlier = [];
        var come = 0;
        for (; come < sessions && Stopwatch.GetElapsedTime(started) < limit; come += Batch)
        {
            var begun = await BeginAsync(come);
            clock.Advance(s_betweenBatches);
            // Those of before are seen again, so that they are touched; after that nobody comes back to them.
            await UseAsync(earlier);
            await manager.Authenticator.FlushAsync();
            earlier = begun;
        }

        return come;
    }

    private Task<IssuedSession[]> BeginAsync(int number) => SessionSeeder.CreateAsync(manager, Batch, PerUser, $"{prefix}-{number}-");

    private Task UseAsync(IssuedSession[] sessions) =>
        Parallel.ForAsync(
            0,
            sessions.Length,
            new ParallelOptions { MaxDegreeOfParallelism = Concurrency },
            async (number, cancellationToken) => await UseAsync(sessions[number], number, cancellationToken)
        );

    private async ValueTask UseAsync(IssuedSession issued, int number, CancellationToken cancellationToken)
    {
        var verdict = await manager.AuthAsync(issued.Token, cancellationToken: cancellationToken);
        if (verdict.Session is not { } session)
        {
            // Another session of the user has ended it.
            return;
        }

        await manager.Authenticator.RecordUseAsync(verdict, issued.Session.Client, slide: true, cancellationToken);
        switch (number % 20)
        {
            case 0 or 5 or 10 or 15 when await manager.Authenticator.RotateAsync(verdict, issued.Token, cancellationToken) is { } next:
                await manager.Authenticator.RecordUseAsync(
                    await manager.AuthAsync(next, cancellationToken: cancellationToken),
                    issued.Session.Client,
                    slide: true,
                    cancellationToken
                );
                break;
            case 1 or 2:
                await new SessionAdministration(manager).RevokeAsync(session.Id, cancellationToken);
                break;
            case 3:
                await manager.RevokeOtherAsync(session, cancellationToken);
                break;
        }
    }
}
