namespace Sessions.Stores;

/// <summary>
/// A record taken apart into its header and its sections, which are not read yet. A section that is not there is empty; none that is there
/// is.
/// </summary>
internal ref struct SessionRecordContent
{
    public SessionRecordFlags Flags { get; private set; }
    public DateTimeOffset LastSeenAt { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }
    public DateTimeOffset EndsAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public ReadOnlySpan<byte> User { get; private set; }
    public ReadOnlySpan<byte> Credential { get; private set; }
    public ReadOnlySpan<byte> Client { get; private set; }
    public ReadOnlySpan<byte> LastClient { get; private set; }
    public ReadOnlySpan<byte> Authentication { get; private set; }
    public ReadOnlySpan<byte> IdleTimeout { get; private set; }
    public ReadOnlySpan<byte> Tags { get; private set; }
    public ReadOnlySpan<byte> Values { get; private set; }
    public ReadOnlySpan<byte> Marker { get; private set; }

    /// <summary>The sections of later versions, with their numbers and lengths.</summary>
    public ReadOnlySpan<byte> Later { get; private set; }

    public readonly bool Has(SessionRecordFlags flag) => (Flags & flag) != 0;

    /// <exception cref="FormatException">The record is damaged, or of another major version.</exception>
    public static SessionRecordContent Read(ReadOnlySpan<byte> record)
    {
        if (!record.IsEmpty && record[SessionRecordLayout.VersionOffset] != SessionRecordLayout.Version)
        {
            throw new FormatException(
                $"The record has version {record[SessionRecordLayout.VersionOffset]}; this one reads {SessionRecordLayout.Version}."
            );
        }

        try
        {
            var content = new SessionRecordContent();
            content.ReadParts(record);
            return content;
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException)
        {
            // Lengths that lead out of the record, instants out of range.
            throw new FormatException("The record is damaged.", e);
        }
    }

    private void ReadParts(ReadOnlySpan<byte> record)
    {
        var input = new RecordReader(record);
        input.Byte();
        Flags = (SessionRecordFlags)input.Byte();
        (LastSeenAt, ExpiresAt, EndsAt, CreatedAt) = (input.Instant(), input.Instant(), input.Instant(), input.Instant());
        var last = 0;
        while (!input.IsEmpty)
        {
            var rest = input;
            var number = input.Byte();
            if (number <= last)
            {
                throw new FormatException("The sections of the record are not in ascending order.");
            }

            last = number;
            if (number > (int)SessionRecordSection.Marker)
            {
                Later = rest.Rest();
                ThrowIfNotAscending(Later);
                return;
            }

            Set((SessionRecordSection)number, input.Section());
        }
    }

    private void Set(SessionRecordSection number, ReadOnlySpan<byte> section)
    {
        switch (number)
        {
            case SessionRecordSection.User:
                User = section;
                break;
            case SessionRecordSection.Credential:
                Credential = section;
                break;
            case SessionRecordSection.Client:
                Client = section;
                break;
            case SessionRecordSection.LastClient:
                LastClient = section;
                break;
            case SessionRecordSection.Authentication:
                Authentication = section;
                break;
            case SessionRecordSection.IdleTimeout:
                IdleTimeout = section;
                break;
            case SessionRecordSection.Tags:
                Tags = section;
                break;
            case SessionRecordSection.Values:
                Values = section;
                break;
            default:
                Marker = section;
                break;
        }
    }

    private static void ThrowIfNotAscending(ReadOnlySpan<byte> sections)
    {
        var input = new RecordReader(sections);
        var last = 0;
        while (!input.IsEmpty)
        {
            var number = input.Byte();
            if (number <= last)
            {
                throw new FormatException("The sections of the record are not in ascending order.");
            }

            last = number;
            input.Section();
        }
    }
}
