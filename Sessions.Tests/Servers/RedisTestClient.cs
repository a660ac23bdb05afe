using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sessions.Tests.Servers;

/// <summary>
/// A bare connection to one Redis server, for what tests do to servers behind the back of the driver: it takes no part in anyone's cluster
/// and is sent nowhere. The protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/ (version 2).
/// </summary>
internal sealed class RedisTestClient : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private StreamReader _reader = null!;

    private RedisTestClient() { }

    public static async Task<RedisTestClient> ConnectAsync(int port)
    {
        var wire = new RedisTestClient();
        await wire._client.ConnectAsync(IPAddress.Loopback, port);
        // One byte, one character: lengths in the protocol count bytes.
        wire._reader = new StreamReader(wire._client.GetStream(), Encoding.Latin1);
        return wire;
    }

    public async Task<RedisReply> CallAsync(params string[] command)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
        {
            request.Append(CultureInfo.InvariantCulture, $"${part.Length}\r\n{part}\r\n");
        }

        await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request.ToString()));
        return await ReadAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next answer, or what the server says by itself.</summary>
    public async Task<RedisReply> ReadAsync()
    {
        var line = await _reader.ReadLineAsync() ?? throw new IOException("The server closed the connection.");
        var rest = line[1..];
        switch (line[0])
        {
            case '+' or ':':
                return new(rest);
            case '-':
                throw new InvalidOperationException(rest);
            case '*':
                var items = new RedisReply[Math.Max(0, int.Parse(rest, CultureInfo.InvariantCulture))];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = await ReadAsync();
                }

                return new(null, items);
            default:
                return new(await ReadBulkAsync(int.Parse(rest, CultureInfo.InvariantCulture)));
        }
    }

    private async Task<string?> ReadBulkAsync(int length)
    {
        if (length < 0)
        {
            return null;
        }

        var text = new char[length + 2];
        await _reader.ReadBlockAsync(text);
        return new(text, 0, length);
    }
}

/// <summary>An answer of Redis: a text (or a number in its digits), a list, or nothing.</summary>
internal sealed record RedisReply(string? Text, RedisReply[]? Items = null)
{
    public RedisReply this[int index] => Items![index];

    public override string ToString() => Items is null ? Text ?? "" : string.Join(' ', Items.AsEnumerable());
}
