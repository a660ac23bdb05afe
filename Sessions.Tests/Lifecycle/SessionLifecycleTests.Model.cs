using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using NUnit.Framework;
using Sessions.Testing;

namespace Sessions.Tests.Lifecycle;

internal abstract partial class SessionLifecycleTests<TBackend>
{
    private const int StepsPerSequence = 30;

    /// <summary>
    /// How many sequences of steps are tried, before the effort of the run multiplies them; more where a store costs nothing.
    /// </summary>
    protected virtual int SequenceCount => 20;

    [Test]
    public void After_any_row_of_steps_nothing_is_lost_and_nothing_comes_back()
    {
        var rules = new SessionModelOptions();
        var manager = NewManager(o =>
        {
            rules.ApplyTo(o);
            o.RandomFill = Random.Fill;
        });
        var (run, token) = (0, Token);
        var property = Prop.ForAll(
            StepGenerator.Sequences(StepsPerSequence),
            async row =>
            {
                _events.Clear();
                var walk = new SessionModelRunner(manager, Store, Clock, rules, run++, Events<SessionEndedContext>, token);
                var difference = await walk.DifferenceAsync(row);
                return (difference is null).Label(difference ?? "nothing differs");
            }
        );

        // The seed is the test's own, which a failure prints beside the shortest row that still fails.
        var replay = new Replay(new Rnd(Random.NextUInt64()), FSharpOption<int>.None);
        var config = Config.QuickThrowOnFailure.WithMaxTest(TestEffort.Scale(SequenceCount)).WithQuietOnSuccess(true);
        Check.One(config.WithReplay(FSharpOption<Replay>.Some(replay)), property);
    }
}
