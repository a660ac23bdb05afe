using System.Globalization;

namespace Sessions.Bench.Measuring;

/// <summary>How measured values are written: three digits that count, and a unit that fits.</summary>
internal static class FigureFormat
{
    private static readonly (double Nanoseconds, string Unit)[] s_units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];

    public static string Time(TimeSpan time) => Time(time.TotalNanoseconds);

    public static string Time(double nanoseconds)
    {
        var (size, unit) = s_units.FirstOrDefault(unit => nanoseconds >= unit.Nanoseconds, s_units[^1]);
        return $"{Digits(nanoseconds / size)} {unit}";
    }

    public static string Bytes(double bytes) => $"{Whole(bytes)} B";

    public static string MiB(double bytes) => $"{(bytes / (1024 * 1024)).ToString("F1", CultureInfo.InvariantCulture)} MiB";

    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => $"{Digits(ratio)}x";

    public static string Digits(double number) =>
        number.ToString(
            Math.Abs(number) switch
            {
                >= 100 => "F0",
                >= 10 => "F1",
                _ => "F2",
            },
            CultureInfo.InvariantCulture
        );
}
