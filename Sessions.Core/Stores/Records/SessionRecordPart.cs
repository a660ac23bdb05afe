namespace Sessions.Stores;

/// <summary>
/// For authors of stores: parts of a <see cref="SessionRecord"/>, without the length before them, for a backend that changes records where
/// they are.
/// </summary>
public static class SessionRecordPart
{
    /// <summary>An instant, as in the head of a record.</summary>
    public static byte[] Write(DateTimeOffset instant)
    {
        var output = new RecordWriter(stackalloc byte[RecordMilliseconds.Size]);
        output.Instant(instant);
        return output.ToArray();
    }

    /// <summary>The section of a client.</summary>
    public static byte[] Write(ClientInfo client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var output = new RecordWriter(stackalloc byte[ClientRecord.MaxSize]);
        ClientRecord.Write(ref output, client);
        return output.ToArray();
    }

    /// <summary>The section of tags; empty: there is none.</summary>
    public static byte[] Write(SessionTags tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        var output = new RecordWriter(new byte[RecordSections.GetMaxTags(tags)]);
        RecordSections.WriteTags(ref output, tags);
        return output.ToArray();
    }

    /// <summary>The section of an authentication.</summary>
    public static byte[] Write(Reauthentication reauthentication)
    {
        ArgumentNullException.ThrowIfNull(reauthentication);
        var output = new RecordWriter(stackalloc byte[RecordSections.MaxAuthentication]);
        RecordSections.WriteAuthentication(ref output, reauthentication.At, reauthentication.Method);
        return output.ToArray();
    }
}
