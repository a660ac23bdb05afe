using Microsoft.Extensions.Options;

namespace Sessions;

/// <summary>Checks options in sentences that say what to do.</summary>
internal sealed class SessionUpOptionsValidator : IValidateOptions<SessionUpOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public ValidateOptionsResult Validate(string? name, SessionUpOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(SessionUpOptions options) =>
        Lifetimes(options)
            .Concat(Rotation(options))
            .Concat(Limits(options))
            .Concat(Binding(options))
            .Concat(Cache(options))
            .Concat(options.Assurance?.GetFailures(options) ?? [])
            .Concat(options.RandomFill is { } random && RandomFillValidator.Validate(random) is { } failure ? [failure] : []);

    private static IEnumerable<string> Lifetimes(SessionUpOptions options)
    {
        var longest = options.Lifetime ?? SessionUpOptions.DefaultLifetime;
        if (options.Lifetime is { } lifetime && (lifetime < Second || lifetime > Longest))
        {
            yield return $"Lifetime is {lifetime}; set it to something from one second to 3650 days, or leave it out.";
        }

        if (options.IdleTimeout is { } idle && (idle < Second || idle > longest))
        {
            yield return $"IdleTimeout is {idle}; set it to something from one second to the lifetime ({longest}), or leave it out.";
        }

        if (options.MaxLifetime is { } max && (max < Second || max > Longest))
        {
            yield return $"MaxLifetime is {max}; set it to something from one second to 3650 days, or leave it out.";
        }

        if (options.Lifetime > options.MaxLifetime)
        {
            yield return $"Lifetime is {options.Lifetime}, longer than MaxLifetime, {options.MaxLifetime}; shorten the one or lengthen the other.";
        }

        if (options.VisitorLifetime < Second || options.VisitorLifetime > Longest)
        {
            yield return $"VisitorLifetime is {options.VisitorLifetime}; set it to something from one second to 3650 days.";
        }

        if (options.TouchInterval < Second || options.TouchInterval > TimeSpan.FromDays(1))
        {
            yield return $"TouchInterval is {options.TouchInterval}; set it to something from one second to one day.";
        }

        if (options.SweepInterval < Second || options.SweepInterval > TimeSpan.FromDays(1))
        {
            yield return $"SweepInterval is {options.SweepInterval}; set it to something from one second to one day.";
        }
    }

    // Each of these depends on the others: with other relations a client's own token would count as a copy.
    private static IEnumerable<string> Rotation(SessionUpOptions options)
    {
        var (grace, tolerance) = (options.RotationGrace, ClockTolerance.Evaluation);
        if (grace < TimeSpan.FromSeconds(10) || grace > TimeSpan.FromHours(1))
        {
            yield return $"RotationGrace is {grace}; set it to something from 10 seconds to one hour.";
        }
        else if (options.RotateAfter is { } interval && (interval <= 2 * (grace + tolerance) || interval <= TimeSpan.FromMinutes(2)))
        {
            yield return $"RotateAfter is {interval}; with a RotationGrace of {grace}, set it to more than {Max(2 * (grace + tolerance), TimeSpan.FromMinutes(2))}, "
                + "shorten RotationGrace, or set RotateAfter to null to rotate only on demand.";
        }

        if (options.ReuseWindow <= grace + tolerance || options.ReuseWindow > TimeSpan.FromDays(7))
        {
            yield return $"ReuseWindow is {options.ReuseWindow}; with a RotationGrace of {grace}, set it to something from more than {grace + tolerance} to 7 days.";
        }

        if (options.EventTimeout < TimeSpan.FromMilliseconds(100) || options.EventTimeout > TimeSpan.FromMinutes(10))
        {
            yield return $"EventTimeout is {options.EventTimeout}; set it to something from 100 milliseconds to 10 minutes.";
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static IEnumerable<string> Limits(SessionUpOptions options)
    {
        if (options.MaxSessionsPerUser < 1)
        {
            yield return $"MaxSessionsPerUser is {options.MaxSessionsPerUser}; set it to 1 or more, or leave it out.";
        }

        if (!Enum.IsDefined(options.LimitPolicy))
        {
            yield return $"LimitPolicy is {options.LimitPolicy}; set it to {nameof(SessionLimitPolicy.EndLeastRecentlyUsed)} or {nameof(SessionLimitPolicy.Refuse)}.";
        }

        if (options.MaxValuesBytes is < 0 or > 1024 * 1024)
        {
            yield return $"MaxValuesBytes is {options.MaxValuesBytes}; set it to something from 0 to 1,048,576.";
        }

        if (options.MaxVisitorValuesBytes is < 0 or > 1024 * 1024)
        {
            yield return $"MaxVisitorValuesBytes is {options.MaxVisitorValuesBytes}; set it to something from 0 to 1,048,576.";
        }

        if (options.ShardKey is { Length: < 16 })
        {
            yield return $"ShardKey has {options.ShardKey.Length} bytes; give it at least 16 random ones, or leave it out.";
        }

        if (options.SweepBatchSize is < 1 or > 100_000)
        {
            yield return $"SweepBatchSize is {options.SweepBatchSize}; set it to something from 1 to 100,000.";
        }
    }

    private static IEnumerable<string> Cache(SessionUpOptions options)
    {
        if (options.Cache?.MaxSessions is < 1 or > 10_000_000)
        {
            yield return $"Cache.MaxSessions is {options.Cache.MaxSessions}; set it to something from 1 to 10,000,000.";
        }

        if (options.Cache?.MaxBytes < 1024 * 1024)
        {
            yield return $"Cache.MaxBytes is {options.Cache.MaxBytes}; set it to 1,048,576 or more.";
        }

        if (
            options.Cache is { } cache
            && (cache.MaxStaleness < TimeSpan.FromMilliseconds(100) || cache.MaxStaleness > TimeSpan.FromHours(1))
        )
        {
            yield return $"Cache.MaxStaleness is {cache.MaxStaleness}; set it to something from 100 milliseconds to one hour.";
        }
    }

    private static IEnumerable<string> Binding(SessionUpOptions options)
    {
        var binding = options.Binding;
        if (binding.IPv4PrefixLength is < 1 or > 32 || binding.IPv6PrefixLength is < 1 or > 128)
        {
            yield return $"Binding compares {binding.IPv4PrefixLength} bits of IPv4 and {binding.IPv6PrefixLength} of IPv6 addresses; set 1 to 32 and 1 to 128.";
        }

        if (binding.Address != ClientBindingAddressMode.Any && !options.RecordIPAddress)
        {
            yield return "Binding compares addresses, which are not recorded; set RecordIPAddress, or Binding.Address to Any.";
        }

        if (binding.UserAgent != ClientBindingUserAgentMode.Any && !options.RecordUserAgent)
        {
            yield return "Binding compares user agents, which are not recorded; set RecordUserAgent, or Binding.UserAgent to Any.";
        }
    }
}
