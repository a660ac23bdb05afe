using Microsoft.Extensions.Options;

namespace Sessions;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class SessionUpOptionsValidator : IValidateOptions<SessionUpOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, SessionUpOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(SessionUpOptions options)
    {
        if (options.Lifetime is { } lifetime && (lifetime < Second || lifetime > TimeSpan.FromDays(3650)))
        {
            yield return $"Lifetime is {lifetime}; set it to something from one second to 3650 days, or leave it out.";
        }

        if (options.MaxSessionsPerUser < 1)
        {
            yield return $"MaxSessionsPerUser is {options.MaxSessionsPerUser}; set it to 1 or more, or leave it out.";
        }

        if (!Enum.IsDefined(options.LimitPolicy))
        {
            yield return $"LimitPolicy is {options.LimitPolicy}; set it to {nameof(SessionLimitPolicy.EndOldest)} or {nameof(SessionLimitPolicy.Refuse)}.";
        }

        if (options.MaxValuesBytes is < 0 or > 1024 * 1024)
        {
            yield return $"MaxValuesBytes is {options.MaxValuesBytes}; set it to something from 0 to 1,048,576.";
        }

        if (options.ShardKey is { Length: < 16 })
        {
            yield return $"ShardKey has {options.ShardKey.Length} bytes; give it at least 16 random ones, or leave it out.";
        }

        if (options.SweepInterval < Second || options.SweepInterval > TimeSpan.FromDays(1))
        {
            yield return $"SweepInterval is {options.SweepInterval}; set it to something from one second to one day.";
        }

        if (options.SweepBatchSize is < 1 or > 100_000)
        {
            yield return $"SweepBatchSize is {options.SweepBatchSize}; set it to something from 1 to 100,000.";
        }
    }
}
