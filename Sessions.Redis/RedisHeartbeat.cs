namespace Sessions.Redis;

/// <summary>One proof of life: something that nobody else can know goes out by way of every primary, and all of it has to come back.</summary>
internal sealed class RedisHeartbeat
{
    private readonly HashSet<string> _missing;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RedisHeartbeat(int count)
    {
        Nonces = [.. Enumerable.Range(0, count).Select(static _ => CreateNonce())];
        _missing = [.. Nonces];
    }

    /// <summary>Nothing was asked yet.</summary>
    public static RedisHeartbeat None { get; } = new(0);

    public IReadOnlyList<string> Nonces { get; }

    public Task Completion => _completion.Task;

    /// <summary>Some text that is new and cannot be guessed, from the one generator there is.</summary>
    public static string CreateNonce() => SessionId.Create(null).ToString();

    public void Acknowledge(string? nonce)
    {
        lock (_missing)
        {
            if (nonce is not null && _missing.Remove(nonce) && _missing.Count == 0)
            {
                _completion.SetResult();
            }
        }
    }
}
