namespace Sessions.Tests.Servers;

/// <summary>An answer of Redis: a text (or a number in its digits), a list, or nothing.</summary>
internal sealed record RedisReply(string? Text, RedisReply[]? Items = null)
{
    public RedisReply this[int index] => Items![index];

    public override string ToString() => Items is null ? Text ?? "" : string.Join(' ', Items.AsEnumerable());
}
