using System.Net;

namespace Sessions.Tests.Demo;

/// <summary>A body of which one half is sent at once, the other byte by byte, one a second, until the rest is asked for.</summary>
internal sealed class SlowContent : HttpContent
{
    // More than the 16 KiB for which nginx needs no file.
    private const int Half = 32 * 1024;

    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void SendRest() => _rest.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(new byte[Half]);
        await stream.FlushAsync();
        var remaining = Half;
        // nginx gives up on a body that stands still for a minute.
        while (await Task.WhenAny(_rest.Task, Task.Delay(TimeSpan.FromSeconds(1))) != _rest.Task)
        {
            await stream.WriteAsync(new byte[1]);
            await stream.FlushAsync();
            remaining--;
        }

        await stream.WriteAsync(new byte[remaining]);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 2 * Half;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        _rest.TrySetResult();
        base.Dispose(disposing);
    }
}
