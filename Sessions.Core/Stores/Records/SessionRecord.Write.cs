namespace Sessions.Stores;

/// <content>Writing.</content>
public static partial class SessionRecord
{
    private static byte[] Write(Session session, SessionRecordFlags laterFlags, ReadOnlySpan<byte> later)
    {
        ArgumentNullException.ThrowIfNull(session);
        var room =
            MaxWithoutTagsAndValues
            + RecordSections.GetMaxTags(session.Tags)
            + session.Values.ByteCount
            + 2 * RecordWriter.MaxLengthSize * session.Values.Count
            + later.Length;
        var output = new RecordWriter(room <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[room]);
        output.Byte(SessionRecordLayout.Version);
        output.Byte((byte)SessionRecordFlags.None);
        output.Instant(session.LastSeenAt);
        output.Instant(session.ExpiresAt);
        output.Instant(session.EndsAt);
        output.Instant(session.CreatedAt);
        var isGuid = WriteSections(ref output, session);
        output.Bytes(later);
        output.Set(SessionRecordLayout.FlagsOffset, (byte)(GetFlags(session, isGuid) | laterFlags));
        return output.ToArray();
    }

    private static SessionRecordFlags GetFlags(Session session, bool isGuid) =>
        (session.IsPersistent ? SessionRecordFlags.Persistent : SessionRecordFlags.None)
        | (isGuid ? SessionRecordFlags.UserIsGuid : SessionRecordFlags.None)
        | (session.IsBearer ? SessionRecordFlags.Bearer : SessionRecordFlags.None)
        | (session.HasCustomLifetime ? SessionRecordFlags.CustomLifetime : SessionRecordFlags.None);

    /// <returns>Whether the user key is kept as a GUID.</returns>
    private static bool WriteSections(ref RecordWriter output, Session session)
    {
        var isGuid = false;
        int begin;
        if (session.UserKey is { } userKey)
        {
            begin = output.BeginSection(SessionRecordSection.User);
            isGuid = RecordSections.WriteUser(ref output, userKey);
            output.EndSection(begin);
        }

        begin = output.BeginSection(SessionRecordSection.Credential);
        SessionCredentialRecord.Write(ref output, session.Credential);
        output.EndSection(begin);
        if (session.Client != ClientInfo.Unknown)
        {
            begin = output.BeginSection(SessionRecordSection.Client);
            ClientRecord.Write(ref output, session.Client);
            output.EndSection(begin);
        }

        if (session.LastClient != session.Client)
        {
            begin = output.BeginSection(SessionRecordSection.LastClient);
            ClientRecord.Write(ref output, session.LastClient);
            output.EndSection(begin);
        }

        if (
            session.AuthenticationMethod is not null
            || session.AuthenticatedAt != GetDefaultAuthenticatedAt(session.UserKey, session.CreatedAt)
        )
        {
            begin = output.BeginSection(SessionRecordSection.Authentication);
            RecordSections.WriteAuthentication(ref output, session.AuthenticatedAt, session.AuthenticationMethod);
            output.EndSection(begin);
        }

        if (session.IdleTimeout is { } idle)
        {
            begin = output.BeginSection(SessionRecordSection.IdleTimeout);
            output.Time(idle);
            output.EndSection(begin);
        }

        if (session.Tags.Count > 0)
        {
            begin = output.BeginSection(SessionRecordSection.Tags);
            RecordSections.WriteTags(ref output, session.Tags);
            output.EndSection(begin);
        }

        if (session.Values.Count > 0)
        {
            begin = output.BeginSection(SessionRecordSection.Values);
            RecordSections.WriteValues(ref output, session.Values);
            output.EndSection(begin);
        }

        return isGuid;
    }
}
