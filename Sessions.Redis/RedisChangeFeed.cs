using System.Net;
using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <summary>
/// One connection of the change feed. It proves itself from end to end: once per heartbeat every primary publishes something new to this
/// node, on the connection on which the changes come. So neither a half-open connection nor a forgotten subscription nor a cluster that has
/// fallen apart passes for silence.
/// </summary>
// Late events may still cancel what says that it is lost, and without a timer it holds nothing that would have to be disposed.
#pragma warning disable CA1001
internal sealed class RedisChangeFeed(IConnectionMultiplexer connection, RedisSessionKeys keys, ChangeFeedBroker broker, TimeProvider time)
#pragma warning restore CA1001
{
    private const int MaxSubscribeAttempts = 200;

    private readonly RedisChannel _changes = CreateChannel(keys.ChangeChannel);
    private readonly ISubscriber _subscriber = connection.GetSubscriber();
    private readonly CancellationTokenSource _lost = new();
    private RedisHeartbeat _heartbeat = RedisHeartbeat.None;
    private EndPoint? _endpoint;
    private (ClusterConfiguration? Cluster, RedisKey[] Keys)? _primaries;

    /// <summary>Listens until the connection is lost, which ends in an exception.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        ThrowIfChannelPrefix();
        using var cancelling = cancellationToken.UnsafeRegister(static lost => ((CancellationTokenSource)lost!).Cancel(), _lost);
        // The driver connects and subscribes again by itself, and messages in between are lost without an error.
        connection.ConnectionFailed += OnConnectionFailed;
        try
        {
            await ListenAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw CreateLostException(e);
        }
        finally
        {
            connection.ConnectionFailed -= OnConnectionFailed;
        }
    }

    private static RedisChannel CreateChannel(string name) => new(name, RedisChannel.PatternMode.Literal);

    private async Task ListenAsync()
    {
        try
        {
            Volatile.Write(ref _endpoint, await SubscribeAsync().ConfigureAwait(false));
            for (var i = 0; i < MaxSubscribeAttempts; i++)
            {
                await MonitorAsync(CreateChannel(keys.HeartbeatChannel(ChangeFeedBroker.CreateNonce()))).ConfigureAwait(false);
            }

            throw new InvalidOperationException(
                "The driver does not subscribe to a second channel at the server that it has subscribed to the first at."
            );
        }
        finally
        {
            await UnsubscribeAsync(_changes, OnChanges).ConfigureAwait(false);
        }
    }

    private async Task<EndPoint> SubscribeAsync()
    {
        await _subscriber.SubscribeAsync(_changes, OnChanges).WaitAsync(_lost.Token).ConfigureAwait(false);
        return _subscriber.SubscribedEndpoint(_changes) ?? throw CreateLostException();
    }

    /// <summary>
    /// Subscribes to a channel of this node's own. The driver chooses a server of a cluster for each channel; where it has chosen another
    /// than for the changes, this returns, and the next name may have more luck.
    /// </summary>
    private async Task MonitorAsync(RedisChannel channel)
    {
        try
        {
            await _subscriber.SubscribeAsync(channel, OnHeartbeat).WaitAsync(_lost.Token).ConfigureAwait(false);
            if (!_endpoint!.Equals(_subscriber.SubscribedEndpoint(channel)))
            {
                return;
            }

            await SendHeartbeatAsync(channel).ConfigureAwait(false);
            broker.ReportConnected();
            while (true)
            {
                await Task.Delay(ChangeFeedBroker.HeartbeatInterval, time, _lost.Token).ConfigureAwait(false);
                await SendHeartbeatAsync(channel).ConfigureAwait(false);
                broker.ReportHeartbeat();
            }
        }
        finally
        {
            await UnsubscribeAsync(channel, OnHeartbeat).ConfigureAwait(false);
        }
    }

    private async Task SendHeartbeatAsync(RedisChannel channel)
    {
        var primaries = GetProbeKeys();
        var heartbeat = new RedisHeartbeat(primaries.Length);
        Volatile.Write(ref _heartbeat, heartbeat);
        var database = connection.GetDatabase();
        var sent = primaries.Zip(
            heartbeat.Nonces,
            (key, nonce) => RedisStatements.Heartbeat.RunAsync(database, [key], [(string?)channel, nonce])
        );
        await Task.WhenAll(sent).WaitAsync(_lost.Token).ConfigureAwait(false);
        await heartbeat.Completion.WaitAsync(_lost.Token).ConfigureAwait(false);
        if (!_endpoint!.Equals(_subscriber.SubscribedEndpoint(_changes)) || !_endpoint.Equals(_subscriber.SubscribedEndpoint(channel)))
        {
            throw CreateLostException();
        }
    }

    private RedisKey[] GetProbeKeys()
    {
        var cluster = RedisPrimaries.GetClusterConfiguration(connection);
        if (_primaries is not { } known || known.Cluster != cluster)
        {
            _primaries = known = (cluster, RedisPrimaries.GetProbeKeys(connection, keys));
        }

        return known.Keys;
    }

    private void OnChanges(RedisChannel channel, RedisValue message) => broker.PublishMessage((string?)message);

    private void OnHeartbeat(RedisChannel channel, RedisValue nonce) => Volatile.Read(ref _heartbeat).Acknowledge((string?)nonce);

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failed)
    {
        if (failed.EndPoint is { } endpoint && endpoint.Equals(Volatile.Read(ref _endpoint)))
        {
            _lost.Cancel();
        }
    }

    /// <summary>
    /// The driver removes the handler at once; its message to the server is not awaited, since the server may be out of reach.
    /// </summary>
    private Task UnsubscribeAsync(RedisChannel channel, Action<RedisChannel, RedisValue> handler) =>
        _subscriber.UnsubscribeAsync(channel, handler, CommandFlags.FireAndForget);

    private void ThrowIfChannelPrefix()
    {
        var prefix = ConfigurationOptions.Parse(connection.Configuration, ignoreUnknown: true).ChannelPrefix;
        if ((byte[]?)prefix is { Length: > 0 })
        {
            throw new SessionConfigurationException(
                "The connection to Redis has a ChannelPrefix, which the scripts that publish changes do not know. Give the sessions a connection without one."
            );
        }
    }

    private IOException CreateLostException(Exception? inner = null) =>
        new($"The connection to {Volatile.Read(ref _endpoint)} on which changes arrive was lost.", inner);
}

/// <summary>One heartbeat: a random text goes out by way of every primary, and all of it has to come back.</summary>
internal sealed class RedisHeartbeat
{
    private readonly HashSet<string> _missing;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RedisHeartbeat(int count)
    {
        Nonces = [.. Enumerable.Range(0, count).Select(static _ => ChangeFeedBroker.CreateNonce())];
        _missing = [.. Nonces];
    }

    /// <summary>No probe was sent yet.</summary>
    public static RedisHeartbeat None { get; } = new(0);

    public IReadOnlyList<string> Nonces { get; }

    public Task Completion => _completion.Task;

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
