using LiteDB;
using LiteDB.Engine;

namespace Sessions.Tests.LiteDb;

/// <summary>An engine in memory that begins no transaction, and a store does nothing outside one, while it is broken.</summary>
internal sealed class FailingLiteEngine() : LiteEngine(new EngineSettings { DataStream = new MemoryStream() }), ILiteEngine
{
    public bool IsBroken { get; set; }

    bool ILiteEngine.BeginTrans() => IsBroken ? throw new LiteException(0, "The drive is gone.") : BeginTrans();
}
