using FsCheck;
using FsCheck.Fluent;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>A world and what happens in it.</summary>
internal sealed record ModelRun(ModelSettings Settings, IReadOnlyList<ModelStep> Steps)
{
    public override string ToString() =>
        string.Join('\n', Steps.Select(static (step, at) => $"  {at + 1}. {step}").Prepend($"{Settings}:"));
}

/// <summary>Runs by chance. A run that fails is shrunk: fewer steps, then shorter delays, fewer nodes.</summary>
internal static class ModelGenerator
{
    private static readonly Gen<TimeSpan> s_delay = Gen.Frequency(
        (12, Gen.Constant(TimeSpan.Zero)),
        (4, Gen.Choose(20, 900).Select(static milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (4, Gen.Choose(1, 30).Select(static seconds => TimeSpan.FromSeconds(seconds))),
        (3, Gen.Choose(30, 700).Select(static seconds => TimeSpan.FromSeconds(seconds))),
        (2, Gen.Choose(10, 62).Select(static minutes => TimeSpan.FromMinutes(minutes)))
    );

    // A request that arrives when much has changed.
    private static readonly Gen<TimeSpan> s_longDelay = Gen.Frequency(
        (1, s_delay),
        (1, Gen.Choose(2, 62).Select(static minutes => TimeSpan.FromMinutes(minutes)))
    );

    private static readonly Gen<TimeSpan> s_writeDelay = Gen.Frequency(
        (12, Gen.Constant(TimeSpan.Zero)),
        (3, Gen.Choose(1, 900).Select(static milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (1, Gen.Choose(1, 10).Select(static seconds => TimeSpan.FromSeconds(seconds)))
    );

    private static readonly Gen<TimeSpan> s_wait = Gen.Frequency(
        (6, Gen.Choose(1, 2000).Select(static milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (8, Gen.Choose(1, 90).Select(static seconds => TimeSpan.FromSeconds(seconds))),
        (8, Gen.Choose(1, 15).Select(static minutes => TimeSpan.FromMinutes(minutes))),
        (5, Gen.Choose(15, 90).Select(static minutes => TimeSpan.FromMinutes(minutes))),
        (1, Gen.Choose(2, 40).Select(static hours => TimeSpan.FromHours(hours)))
    );

    private static readonly Gen<ModelLoss> s_loss = Gen.Frequency(
        (30, Gen.Constant(ModelLoss.Nothing)),
        (1, Gen.Constant(ModelLoss.Request)),
        (2, Gen.Constant(ModelLoss.Answer))
    );

    private static readonly Gen<BrowserRequestKind> s_kind = Gen.Frequency(
        (6, Gen.Constant(BrowserRequestKind.Navigation)),
        (6, Gen.Constant(BrowserRequestKind.Fetch)),
        (4, Gen.Choose(0, (int)BrowserRequestKind.Program).Select(static kind => (BrowserRequestKind)kind))
    );

    public static Arbitrary<ModelRun> Runs(Gen<ModelSettings> settings, int length) =>
        Arb.From(
            from chosen in settings
            from steps in Gen.ArrayOf(Steps(chosen), length)
            select new ModelRun(chosen, [new ModelStep.Send(0, ModelAct.SignIn), .. steps]),
            Shrink
        );

    private static Gen<ModelStep> Steps(ModelSettings settings)
    {
        List<(int, Gen<ModelStep>)> steps =
        [
            (30, s_wait.Select(static time => (ModelStep)new ModelStep.Wait(time))),
            (
                34,
                Send(
                    settings,
                    Act(settings),
                    settings.HasThief ? Gen.Constant(0) : Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Constant(1)))
                )
            ),
            (1, Gen.Choose(0, 200).Select(static position => (ModelStep)new ModelStep.Damage(0, position))),
        ];
        if (settings.Crashes)
        {
            var age = Gen.Choose(0, 29_999).Select(static milliseconds => TimeSpan.FromMilliseconds(milliseconds));
            steps.Add((1, age.Select(static age => (ModelStep)new ModelStep.Crash(0, age))));
            steps.Add((3, age.Select(static age => (ModelStep)new ModelStep.CrashAfterCookie(0, age))));
        }

        if (settings.HasThief)
        {
            steps.Add((2, Gen.Constant<ModelStep>(new ModelStep.CopyJar())));
            steps.Add((16, Send(settings, ThiefAct, Gen.Constant(ModelWorld.Thief))));
        }

        if (settings.StoreFails)
        {
            steps.Add(
                (
                    1,
                    from seconds in Gen.Choose(1, 120)
                    from reads in Gen.Elements(true, false)
                    from after in Gen.Elements(true, false)
                    select (ModelStep)new ModelStep.FailStore(TimeSpan.FromSeconds(seconds), reads, after)
                )
            );
        }

        if (settings.RollsBack)
        {
            steps.Add((1, Gen.Choose(1, 10).Select(static seconds => (ModelStep)new ModelStep.RollBack(TimeSpan.FromSeconds(seconds)))));
        }

        return Gen.Frequency([.. steps]);
    }

    private static Gen<ModelAct> ThiefAct =>
        Gen.Frequency(
            (6, Gen.Constant(ModelAct.Page)),
            (3, Gen.Constant(ModelAct.Poll)),
            (2, Gen.Constant(ModelAct.Rotate)),
            (1, Gen.Constant(ModelAct.SetValue))
        );

    private static Gen<ModelAct> Act(ModelSettings settings) =>
        Gen.Frequency([
            (12, Gen.Constant(ModelAct.Page)),
            (8, Gen.Constant(ModelAct.Poll)),
            (2, Gen.Constant(ModelAct.Events)),
            (1, Gen.Constant(ModelAct.Socket)),
            (2, Gen.Constant(ModelAct.Upload)),
            (4, Gen.Constant(ModelAct.SetValue)),
            (2, Gen.Constant(ModelAct.SignIn)),
            (1, Gen.Constant(ModelAct.SignOut)),
            (1, Gen.Constant(ModelAct.Visitor)),
            (settings.HasThief ? 0 : 1, Gen.Constant(ModelAct.RevokeAll)),
            (settings.RotatesOnDemand ? 3 : 0, Gen.Constant(ModelAct.Rotate)),
            (settings.RotatesOnDemand ? 3 : 0, Gen.Constant(ModelAct.Reauthenticate)),
        ]);

    private static Gen<ModelStep> Send(ModelSettings settings, Gen<ModelAct> acts, Gen<int> browsers) =>
        from browser in browsers
        from act in acts
        from argument in Gen.Choose(0, 1_000_000)
        from kind in s_kind
        from request in act is ModelAct.SignIn or ModelAct.SignOut or ModelAct.Visitor or ModelAct.Reauthenticate ? s_longDelay : s_delay
        from handler in act is ModelAct.Poll ? s_longDelay : s_delay
        from write in s_writeDelay
        from answer in s_delay
        from loss in s_loss
        from node in Gen.Choose(0, settings.Nodes.Count - 1)
        select (ModelStep)
            new ModelStep.Send(
                browser,
                act,
                // Of users there are two, and the first is signed in mostly.
                act == ModelAct.SignIn
                    ? (argument % 4) / 3
                    : argument,
                kind,
                new(request, handler, write, answer),
                loss,
                node
            );

    private static IEnumerable<ModelRun> Shrink(ModelRun run)
    {
        for (var size = run.Steps.Count / 2; size > 0; size /= 2)
        {
            for (var start = 0; start < run.Steps.Count; start += size)
            {
                yield return run with
                {
                    Steps = [.. run.Steps.Take(start), .. run.Steps.Skip(start + size)],
                };
            }
        }

        if (run.Steps.Count > 40)
        {
            yield break;
        }

        if (run.Settings.Nodes.Count > 1)
        {
            yield return run with
            {
                Settings = run.Settings with { Nodes = [TimeSpan.Zero] },
            };
        }

        for (var at = 0; at < run.Steps.Count; at++)
        {
            foreach (var simpler in Simplify(run.Steps[at]))
            {
                yield return run with
                {
                    Steps = [.. run.Steps.Take(at), simpler, .. run.Steps.Skip(at + 1)],
                };
            }
        }
    }

    private static IEnumerable<ModelStep> Simplify(ModelStep step)
    {
        if (step is not ModelStep.Send send)
        {
            yield break;
        }

        ModelStep.Send[] simpler =
        [
            send with
            {
                Loss = ModelLoss.Nothing,
            },
            send with
            {
                Kind = BrowserRequestKind.Navigation,
            },
            send with
            {
                Node = 0,
            },
            send with
            {
                Act = ModelAct.Page,
            },
            send with
            {
                Delays = send.Delays with { Request = TimeSpan.Zero },
            },
            send with
            {
                Delays = send.Delays with { Handler = TimeSpan.Zero },
            },
            send with
            {
                Delays = send.Delays with { Write = TimeSpan.Zero },
            },
            send with
            {
                Delays = send.Delays with { Answer = TimeSpan.Zero },
            },
        ];
        foreach (var other in simpler.Where(other => other != send))
        {
            yield return other;
        }
    }
}
