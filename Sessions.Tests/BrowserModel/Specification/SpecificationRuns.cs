using Sessions.Testing;

namespace Sessions.Tests.BrowserModel.Specification;

/// <summary>Takes runs on the specification.</summary>
internal static class SpecificationRuns
{
    public static ModelViolation? Take(ModelRun run, Action<string>? log = null) => Take(run, RotationFaults.None, log);

    public static ModelViolation? Take(ModelRun run, RotationFaults faults, Action<string>? log = null)
    {
        var settings = run.Settings;
        var queue = new EventQueue(new ManualTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)));
        var ledger = new ModelLedger(queue, settings, log);
        var rules = new RotationSpecification
        {
            Grace = settings.Grace,
            RotateAfter = settings.RotateAfter,
            ReuseWindow = settings.ReuseWindow,
            Tolerance = settings.Tolerance,
            Flush = settings.Flush,
            Faults = faults,
        };
        var server = new SpecificationServer(queue, settings, rules, ledger);
        return new ModelWorld(settings, queue, ledger, server).Run(run.Steps);
    }
}
