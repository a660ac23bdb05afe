using Sessions.Stores;
using StackExchange.Redis;
using UpdateArgument = Sessions.Redis.RedisStatements.UpdateArgument;

namespace Sessions.Redis;

/// <content>Changing a session as <see cref="SessionPatch.ApplyTo"/> says.</content>
public sealed partial class RedisSessionStore
{
    /// <inheritdoc />
    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var reply = (RedisResult[])
            (
                await RunAsync(RedisStatements.Update, [_keys.Session(id)], CreateUpdateArguments(id, patch), cancellationToken)
                    .ConfigureAwait(false)
            )!;
        var outcome = (SessionUpdateOutcome)(int)reply[0];
        var session = reply.Length < 2 ? null : Read(id, (byte[])reply[1]!);
        if (outcome == SessionUpdateOutcome.Gone || session is null)
        {
            return SessionUpdate.Gone;
        }

        var removed = reply.Length < 3 ? [] : (string[])reply[2]!;
        return new()
        {
            Outcome = outcome,
            Session = session,
            Removed = SessionValues.From(removed.Chunk(2).Select(static pair => KeyValuePair.Create(pair[0], pair[1]))),
        };
    }

    private RedisValue[] CreateUpdateArguments(SessionId id, SessionPatch patch)
    {
        var (expected, changes) = (patch.Values.Expected, patch.Values.Changes);
        var arguments = new RedisValue[RedisStatements.UpdateArgumentCount];
        Array.Fill(arguments, RedisValue.EmptyString);
        Set(UpdateArgument.Id, RedisSessionKeys.Member(id));
        Set(UpdateArgument.IndexPrefix, _keys.IndexPrefix(id.Shard));
        Set(UpdateArgument.Now, Now);
        Set(UpdateArgument.Tolerance, Tolerance);
        if (patch.Rotation is { } rotation)
        {
            Set(UpdateArgument.ExpectedSecret, rotation.Expected.ToArray());
            Set(UpdateArgument.NextSecret, rotation.Next.ToArray());
            Set(UpdateArgument.NextRotation, SessionRecordPart.Write(rotation));
        }

        if (patch.Confirmation is { } confirmation)
        {
            Set(UpdateArgument.ConfirmedSecret, confirmation.Secret.ToArray());
            Set(UpdateArgument.ConfirmedAt, SessionRecordPart.Write(confirmation.At));
        }

        if (patch.LastClient is { } client)
        {
            Set(UpdateArgument.NextClient, SessionRecordPart.Write(client));
        }

        if (patch.Reauthentication is { } reauthentication)
        {
            Set(UpdateArgument.NextAuthentication, SessionRecordPart.Write(reauthentication));
            Set(UpdateArgument.NextExpiresAt, SessionRecordPart.Write(reauthentication.ExpiresAt));
            Set(UpdateArgument.NextEndsAt, SessionRecordPart.Write(reauthentication.EndsAt));
        }

        // A patch that sets nothing is never too large.
        var sets = changes.Values.Any(static value => value is not null);
        Set(UpdateArgument.MaxBytes, sets && patch.MaxValuesBytes is { } max ? max : RedisStatements.NoLimit);
        Set(UpdateArgument.ExpectationCount, expected.Count);
        Set(UpdateArgument.Channel, patch.IsPublished ? _keys.ChangeChannel : "");
        return [.. arguments, .. Pairs(expected), .. Pairs(changes)];

        void Set(UpdateArgument argument, RedisValue value) => arguments[(int)argument] = value;
    }

    /// <summary>Keys and values one after the other. A sign before a value tells an empty one from none.</summary>
    private static IEnumerable<RedisValue> Pairs(IEnumerable<KeyValuePair<string, string?>> pairs) =>
        pairs.SelectMany(static pair => new RedisValue[] { pair.Key, pair.Value is null ? "" : "=" + pair.Value });
}
