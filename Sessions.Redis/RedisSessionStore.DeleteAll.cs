using Sessions.Stores;
using StackExchange.Redis;

namespace Sessions.Redis;

/// <content>Deleting all sessions of a user, those of a large one step by step.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<Session>?> DeleteAllAsync(string userKey, SessionId? except, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(userKey);
        var shard = ComputeShard(userKey);
        cancellationToken.ThrowIfCancellationRequested();
        if (except is { } other && other.Shard != shard)
        {
            // Not this user's.
            return null;
        }

        RedisKey[] keys = [_keys.Index(shard, userKey), _keys.Ending(shard, userKey)];
        var fence = $"{RedisStatements.FenceMark}{ChangeFeedBroker.CreateNonce()}";
        var spared = except is { } one ? RedisSessionKeys.Member(one) : "";
        RedisValue[] arguments = [_keys.SessionPrefix(shard), spared, Now, _keys.ChangeChannel, fence];
        var deleted = new List<Session>();
        try
        {
            string standing;
            do
            {
                var reply = await RunAsync(RedisStatements.DeleteAll, keys, arguments, cancellationToken).ConfigureAwait(false);
                if (reply.IsNull)
                {
                    // The spared session ended while those of another call were ended: the caller learns which those are.
                    return deleted.Count == 0 ? null : throw new SessionStoreException("The session to spare has ended meanwhile.");
                }

                var parts = (RedisResult[])reply!;
                standing = (string)parts[0]!;
                if (standing.Length == 0)
                {
                    deleted.AddRange(ReadLive(shard, parts[1..], except));
                    break;
                }

                // Those of a call that failed, or is not done yet, come first.
                await DeleteEndingAsync(shard, keys, spared, standing, deleted, cancellationToken).ConfigureAwait(false);
            } while (standing != fence);
        }
        catch (SessionStoreException e) when (deleted.Count > 0)
        {
            throw new IncompleteDeletionException(deleted, e);
        }

        deleted.Sort(SessionOrder.OldestFirst);
        return deleted;
    }

    private async ValueTask DeleteEndingAsync(
        string shard,
        RedisKey[] keys,
        string spared,
        string fence,
        List<Session> deleted,
        CancellationToken cancellationToken
    )
    {
        RedisValue[] arguments = [_keys.SessionPrefix(shard), spared, fence, _keys.ChangeChannel, Tolerance];
        bool hasMore;
        do
        {
            var reply = (RedisResult[])
                (await RunAsync(RedisStatements.DeleteEnding, keys, arguments, cancellationToken).ConfigureAwait(false))!;
            hasMore = (bool)reply[0];
            deleted.AddRange(ReadLive(shard, reply[1..], except: null));
        } while (hasMore);
    }
}
