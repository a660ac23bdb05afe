using Microsoft.AspNetCore.Http.Features;

namespace Sessions.Tests.BrowserModel.Pipeline;

/// <summary>
/// A response as a server keeps it: callbacks run before the first byte, the last one first, and then the headers are on their way. It runs
/// on the thread of the simulation, so that a callback can wait in simulated time.
/// </summary>
/// <param name="onStarted">Told when the headers are on their way.</param>
internal sealed class ModelResponse(Action<ModelResponse> onStarted) : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _onStarting = new();
    private readonly Stack<(Func<object, Task> Callback, object State)> _onCompleted = new();
    private bool _hasStarted;

    public override bool HasStarted => _hasStarted;

    public override void OnStarting(Func<object, Task> callback, object state) => _onStarting.Push((callback, state));

    public override void OnCompleted(Func<object, Task> callback, object state) => _onCompleted.Push((callback, state));

    public async Task StartAsync()
    {
        while (_onStarting.TryPop(out var starting))
        {
            await starting.Callback(starting.State);
        }

        if (!_hasStarted)
        {
            _hasStarted = true;
            onStarted(this);
        }
    }

    /// <summary>The application has returned: what it has not written is not written any more.</summary>
    public async Task CompleteAsync()
    {
        await StartAsync();
        while (_onCompleted.TryPop(out var completed))
        {
            await completed.Callback(completed.State);
        }
    }
}

/// <summary>Where the body goes: the first byte starts the response.</summary>
internal sealed class ModelResponseBody(ModelResponse response) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        await response.StartAsync();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => response.StartAsync();

    public override Task FlushAsync(CancellationToken cancellationToken) => response.StartAsync();

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Nothing blocks in simulated time.");

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
