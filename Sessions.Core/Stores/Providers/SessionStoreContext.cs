using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sessions.Stores;

/// <summary>For authors of stores: what the application gives to a store that it makes for the sessions of one name.</summary>
public sealed class SessionStoreContext
{
    internal SessionStoreContext(string name, IServiceProvider services)
    {
        (Name, Services) = (name, services);
    }

    /// <summary>The name of the sessions; empty for the default.</summary>
    public string Name { get; }

    /// <summary>The services of the application.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => Services.GetRequiredService<TimeProvider>();

    /// <summary>Gets a report of each record that cannot be read.</summary>
    public CorruptRecordReporter Reporter => Services.GetRequiredKeyedService<CorruptRecordReporter>(Name);

    /// <summary>See <see cref="SessionUpOptions.ShardKey"/>: what the ids of these sessions are made with; null: none.</summary>
    public byte[]? ShardKey => Services.GetRequiredService<IOptionsMonitor<SessionUpOptions>>().Get(Name).ShardKey;

    /// <summary>A log.</summary>
    public ILogger<T> CreateLogger<T>() => Services.GetRequiredService<ILogger<T>>();

    /// <summary>
    /// What is kept apart for each name of sessions, such as a table: the text itself for the default sessions, else the text, the
    /// separator and the name.
    /// </summary>
    public string FormatName(string text, string separator = "_") => Name.Length == 0 ? text : $"{text}{separator}{Name}";
}
