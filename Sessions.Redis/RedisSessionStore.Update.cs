using Sessions.Stores;
using StackExchange.Redis;
using UpdateArgument = Sessions.Redis.RedisStatements.UpdateArgument;

namespace Sessions.Redis;

/// <content>Changing a session as <see cref="SessionPatch.ApplyTo"/> says.</content>
public sealed partial class RedisSessionStore
{
    // Each takes another call that adds a tag to the same session, or moves its end, between two steps of this one.
    private const int MaxAttempts = 10;

    /// <inheritdoc />
    public async ValueTask<SessionUpdate> UpdateAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            // The patch adds a tag or moves the end of a session with tags; another call may have done so meanwhile.
            TagChange? tags = null;
            if (attempt > 0 || patch.Tags.Count > 0)
            {
                tags = await IndexTagsAsync(id, patch, cancellationToken).ConfigureAwait(false);
                if (tags is null)
                {
                    return SessionUpdate.Gone;
                }
            }

            var reply = await UpdateAsync(id, patch, tags, cancellationToken).ConfigureAwait(false);
            if ((int)reply[0] != RedisStatements.TagsDiffer)
            {
                return ReadUpdate(id, reply);
            }
        }

        throw new SessionStoreException(
            $"The tags or the end of a session were changed {MaxAttempts} times while a patch was about to change them. It was not applied."
        );
    }

    private SessionUpdate ReadUpdate(SessionId id, RedisResult[] reply)
    {
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

    private async ValueTask<RedisResult[]> UpdateAsync(
        SessionId id,
        SessionPatch patch,
        TagChange? tags,
        CancellationToken cancellationToken
    ) =>
        (RedisResult[])
            (
                await RunAsync(RedisStatements.Update, [_keys.Session(id)], CreateUpdateArguments(id, patch, tags), cancellationToken)
                    .ConfigureAwait(false)
            )!;

    /// <summary>Writes the session into the indexes of its tags, by the end that it will have, before it is changed itself.</summary>
    /// <returns>The tags as they are and as they will be; null: there is no session.</returns>
    private async ValueTask<TagChange?> IndexTagsAsync(SessionId id, SessionPatch patch, CancellationToken cancellationToken)
    {
        if ((await FetchAsync(id, cancellationToken).ConfigureAwait(false)).Session is not { } session)
        {
            return null;
        }

        SessionTag[] all = [.. session.Tags.Concat(patch.Tags).Distinct()];
        if (all.Length > SessionTags.MaxCount)
        {
            return new(session.Tags, Next: null, session.EndsAt);
        }

        await IndexTagsAsync(
                id,
                patch.Reauthentication is null ? patch.Tags : all,
                patch.Reauthentication?.EndsAt ?? session.EndsAt,
                cancellationToken
            )
            .ConfigureAwait(false);
        return new(session.Tags, SessionTags.Create(all), session.EndsAt);
    }

    private RedisValue[] CreateUpdateArguments(SessionId id, SessionPatch patch, TagChange? tags)
    {
        var (expected, changes) = (patch.Values.Expected, patch.Values.Changes);
        var arguments = new RedisValue[RedisStatements.UpdateArgumentCount];
        Array.Fill(arguments, RedisValue.EmptyString);
        Set(UpdateArgument.Id, RedisSessionKeys.Member(id));
        Set(UpdateArgument.IndexPrefix, _keys.IndexPrefix(id.Shard));
        Set(UpdateArgument.Now, Now);
        Set(UpdateArgument.Tolerance, Tolerance);
        if (patch.Credential is { } change)
        {
            Set(UpdateArgument.ExpectedCredential, SessionCredentialRecord.Write(change.Expected));
            Set(UpdateArgument.NextCredential, SessionCredentialRecord.Write(change.Next));
        }

        if (tags is not null)
        {
            Set(UpdateArgument.TagCheck, tags.Next is null ? RedisStatements.TooManyTags : "indexed");
            Set(UpdateArgument.ExpectedTags, SessionRecordPart.Write(tags.Expected));
            Set(UpdateArgument.NextTags, SessionRecordPart.Write(tags.Next ?? tags.Expected));
            Set(UpdateArgument.ExpectedEndsAt, SessionRecordPart.Write(tags.EndsAt));
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

    /// <summary>Keys and values one after the other. A character before a value distinguishes an empty value from none.</summary>
    private static IEnumerable<RedisValue> Pairs(IEnumerable<KeyValuePair<string, string?>> pairs) =>
        pairs.SelectMany(static pair => new RedisValue[] { pair.Key, pair.Value is null ? "" : "=" + pair.Value });

    /// <summary>The tags of a session as they were read, and with those that a patch adds (null: too many); and its end.</summary>
    private sealed record TagChange(SessionTags Expected, SessionTags? Next, DateTimeOffset EndsAt);
}
