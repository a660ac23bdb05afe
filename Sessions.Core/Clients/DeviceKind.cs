using System.Text.Json.Serialization;

namespace Sessions;

/// <summary>What kind of device a client is, as far as its headers show. The numbers are stored and never change their meaning.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>The headers do not show it.</summary>
    Unknown = 0,

    /// <summary>A desktop or laptop computer.</summary>
    Desktop = 1,

    /// <summary>A phone.</summary>
    Mobile = 2,

    /// <summary>A tablet.</summary>
    Tablet = 3,

    /// <summary>A television or a console at one.</summary>
    Television = 4,

    /// <summary>A program that says it is one: a crawler, a script, a command-line tool.</summary>
    Bot = 5,
}
