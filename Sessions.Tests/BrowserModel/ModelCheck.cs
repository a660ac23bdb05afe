using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.BrowserModel;

/// <summary>Runs a property over many runs, and shrinks one that fails.</summary>
internal static class ModelCheck
{
    /// <summary>Every run keeps every property; otherwise throws with the shortest run that does not, and what happens in it.</summary>
    /// <param name="settings">The worlds.</param>
    /// <param name="runs">How many runs.</param>
    /// <param name="length">How many steps each has.</param>
    /// <param name="take">Takes a run, and logs what happens if it is given a log.</param>
    /// <param name="only">The one property that is judged; null: all are.</param>
    public static void All(
        Gen<ModelSettings> settings,
        int runs,
        int length,
        Func<ModelRun, Action<string>?, ModelViolation?> take,
        ModelProperty? only = null
    )
    {
        var random = SeededRandom.Create();
        var watch = Stopwatch.StartNew();
        ModelRun? failed = null;
        var property = Prop.ForAll(
            ModelGenerator.Runs(settings.Select(chosen => chosen with { Only = only }), length),
            run =>
            {
                var holds = take(run, null) is null;
                failed = holds ? failed : run;
                return holds;
            }
        );
        var replay = FSharpOption<Replay>.Some(new Replay(new Rnd(random.NextUInt64()), FSharpOption<int>.None));
        try
        {
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs).WithQuietOnSuccess(true).WithReplay(replay), property);
        }
        catch (Exception) when (failed is not null)
        {
            // Shrinking ends with the shortest run that fails; the exception shows the first one, too, which is long.
            var log = new List<string>();
            var violation = take(failed, log.Add);
            throw new AssertionException($"{violation}\n{failed}\nWhat happens:\n  {string.Join("\n  ", log)}");
        }
        finally
        {
            TestContext.Out.WriteLine(
                $"{runs} runs of {length} steps in {watch.Elapsed.TotalSeconds:0.0} s, {SeededRandom.SeedVariable}={random.Seed}"
            );
        }
    }

    /// <summary>The first violation of a property that runs by chance find; null: none does.</summary>
    public static ModelViolation? FindFirst(
        Gen<ModelSettings> settings,
        ModelProperty property,
        int runs,
        int length,
        Func<ModelRun, ModelViolation?> take
    )
    {
        var generator = ModelGenerator.Runs(settings.Select(chosen => chosen with { Only = property }), length).Generator;
        for (ulong seed = 1; seed <= (ulong)runs; seed++)
        {
            if (take(generator.Sample(100, new Rnd(seed), 1).First()) is { } violation)
            {
                return violation with { Message = $"{violation.Message}, in run {seed}" };
            }
        }

        return null;
    }
}
