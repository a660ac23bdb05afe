using Microsoft.AspNetCore.Http;

namespace Sessions.AspNetCore;

/// <summary>
/// Stands before the stream of the response cache, which looks at the headers when the first byte passes, earlier than <c>OnStarting</c>:
/// by then they must say what they will say in the end.
/// </summary>
internal sealed class HeadersBeforeFirstByteStream(Stream inner, HttpResponse response, object owner, Action beforeFirstByte) : Stream
{
    private readonly object _owner = owner;
    private bool _started;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts one before the body of a response, once for each of those who have something to say.</summary>
    public static void Install(HttpContext context, object owner, Action beforeFirstByte)
    {
        if (context.Response.Body is not HeadersBeforeFirstByteStream known || known._owner != owner)
        {
            context.Response.Body = new HeadersBeforeFirstByteStream(context.Response.Body, context.Response, owner, beforeFirstByte);
        }
    }

    /// <summary>The endpoint is done: a response without a body is looked at now.</summary>
    public static void Complete(HttpContext context) => (context.Response.Body as HeadersBeforeFirstByteStream)?.Start();

    public override void Flush()
    {
        Start();
        inner.Flush();
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        Start();
        return inner.FlushAsync(cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Start();
        inner.Write(buffer, offset, count);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Start();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Start()
    {
        if (!_started && !response.HasStarted)
        {
            _started = true;
            beforeFirstByte();
            (inner as HeadersBeforeFirstByteStream)?.Start();
        }
    }
}
