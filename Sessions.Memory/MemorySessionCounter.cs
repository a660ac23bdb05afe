using System.Runtime.InteropServices;

namespace Sessions.Memory;

/// <summary>
/// How many records there are. Every sign-in writes it: on cache lines of its own, so that what every request reads beside it stays in the
/// caches of the other processors.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 2 * CacheLineSize)]
internal struct MemorySessionCounter
{
    // Processors fetch lines of 64 bytes in pairs, and some have lines of 128.
    private const int CacheLineSize = 128;

    [FieldOffset(CacheLineSize)]
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public int Increment() => Interlocked.Increment(ref _value);

    public void Decrement() => Interlocked.Decrement(ref _value);
}
