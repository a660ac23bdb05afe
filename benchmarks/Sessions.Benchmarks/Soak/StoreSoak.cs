using System.Diagnostics;
using Sessions.Bench.Measuring;
using Sessions.Bench.Places;
using Sessions.Stores;
using Sessions.Testing;

namespace Sessions.Bench.Soak;

/// <summary>One store through all of it: a base line, some loads, and after each what is left.</summary>
internal sealed class StoreSoak : IAsyncDisposable
{
    private const int Sessions = 200_000;

    /// <summary>Then the load ends with as many sessions as have come by then.</summary>
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(3);

    /// <summary>Then no other load begins, so that all of a store take ten minutes at most.</summary>
    private static readonly TimeSpan LastLoad = TimeSpan.FromMinutes(7);

    // Longer than Redis keeps what has expired.
    private static readonly TimeSpan ReclaimLimit = SoakLoad.IdleTimeout + ClockTolerance.Deletion + TimeSpan.FromSeconds(30);

    private readonly StoreKind _kind;
    private readonly BenchmarkStore _place;
    private readonly BenchApp _app;
    private readonly ManualTimeProvider _clock;
    private readonly List<MemoryReading> _readings = [];
    private readonly List<int> _created = [];
    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _empty;

    private StoreSoak(StoreKind kind, BenchmarkStore place, BenchApp app, ManualTimeProvider clock)
    {
        (_kind, _place, _app, _clock) = (kind, place, app, clock);
    }

    /// <returns>Null: the store cannot be had here.</returns>
    public static async Task<StoreSoak?> BeginAsync(StoreKind kind)
    {
        if (await kind.OpenAsync() is not { } place)
        {
            return null;
        }

        Console.WriteLine($"   {kind.Name}");
        var clock = new ManualTimeProvider();
        var soak = new StoreSoak(kind, place, await BenchApp.StartAsync(place, SoakLoad.Configure, time: clock), clock);
        // What is made once belongs to the base line.
        await new SoakLoad(soak._app.Manager, clock, "first").WarmUpAsync();
        soak._readings.Add(await MemoryReading.TakeAsync(place));
        return soak;
    }

    public string[] Row =>
        [
            _kind.Name,
            string.Join(" + ", _created.Select(static come => FigureFormat.Whole(come))),
            _empty ? "none" : "some",
            FormatTrend(static reading => reading.Heap),
            FormatTrend(static reading => reading.WorkingSet),
            _kind == StoreKind.Memory ? "" : FormatTrend(static reading => reading.Database),
            Summary,
        ];

    public bool HasTime => Stopwatch.GetElapsedTime(_began) < LastLoad;

    /// <summary>Whether the last load took more room than any before it, or was the first.</summary>
    public bool MayBeGrowing => DatabaseMayBeGrowing || HeapMayBeGrowing;

    private bool DatabaseMayBeGrowing => _readings.Count < 3 || !_readings[1..^1].Exists(_readings[^1].DatabaseIsAt);

    // What was made once may be held for good, a cache of pages for instance; what leaks is more after each load.
    private bool HeapMayBeGrowing => !_readings[..^1].Exists(_readings[^1].HeapIsAt);

    public async Task LoadAsync() =>
        _created.Add(await new SoakLoad(_app.Manager, _clock, $"load-{_created.Count}").RunAsync(Sessions, LoadLimit));

    /// <summary>Lets what is left expire and be swept, and takes a reading.</summary>
    public async Task WaitForReclaimAsync()
    {
        var started = Stopwatch.GetTimestamp();
        do
        {
            _clock.Advance(SoakLoad.SweepInterval * 1.2);
            await Task.Delay(TimeSpan.FromMilliseconds(200));
            _empty = await IsEmptyAsync();
        } while (!_empty && Stopwatch.GetElapsedTime(started) < ReclaimLimit);
        _readings.Add(await MemoryReading.TakeAsync(_place));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _place.DisposeAsync();
    }

    private string Summary => _kind == StoreKind.Memory ? HeapSummary : $"{HeapSummary}; {DatabaseSummary}";

    private string HeapSummary =>
        _readings[^1].HeapIsAt(_readings[0]) ? "heap back at its base line"
        : HeapMayBeGrowing ? "heap NOT back at its base line"
        : $"heap after load {_created.Count} no bigger than after one before";

    private string DatabaseSummary =>
        _readings.Count > 2
            ? $"database after load {_created.Count} {(DatabaseMayBeGrowing ? "BIGGER than after those before" : "no bigger than after one before")}"
        : _readings[^1].DatabaseIsAt(_readings[0]) ? "database back at its base line"
        : "database NOT back at its base line";

    private async Task<bool> IsEmptyAsync() =>
        await _place.CountAsync() is { } count
            ? count == 0
            : await _app.Store.DeleteExpiredAsync(1, default) is { Count: 0 }
                && (await new SessionAdministration(_app.Manager).FetchPageAsync(pageSize: 1)).Sessions.Count == 0;

    private string FormatTrend(Func<MemoryReading, long> value) =>
        string.Join(" → ", _readings.Select(reading => FigureFormat.MiB(value(reading))));
}
