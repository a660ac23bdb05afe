using System.Buffers.Binary;
using System.Text;

namespace Sessions.Stores;

/// <summary>
/// For authors of stores: a credential as bytes. Equal credentials have equal bytes, which a store compares (<see cref="CredentialChange"/>).
/// </summary>
/// <remarks>
/// <code>
///   hash of the current secret, hash of the lineage
///   that is all before the first rotation; afterwards two bytes of flags, which of the rest is there:
///   generation, 3 bytes
///   hash of the previous secret; salt; kind of the last rotation, one byte
///   rotated, delivered, confirmed, previous confirmed
///   older anchor, younger anchor: a generation and an instant each
///   privileges of the previous secret: its end; when it was authenticated; how, with one byte for its length
/// </code>
/// <para>What a later version has to add goes to a section of its own in the <see cref="SessionRecord"/>, and not in here.</para>
/// </remarks>
public static class SessionCredentialRecord
{
    internal const int MaxSize =
        FlagsSize
        + 3 * Sha256Hash.Size
        + CredentialSalt.Size
        + 1
        + 3 * GenerationSize
        + 8 * RecordMilliseconds.Size
        + 1
        + SessionText.MaxAuthenticationMethodBytes;

    private const int FlagsSize = sizeof(ushort);
    private const int GenerationSize = 3;

    // An encoding that repairs invalid bytes would read a text that is written as other bytes.
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Flags]
    private enum Parts : ushort
    {
        None = 0,
        Generation = 1,
        Previous = 2,
        Salt = 4,
        Kind = 8,
        RotatedAt = 16,
        DeliveredAt = 32,
        ConfirmedAt = 64,
        PreviousConfirmedAt = 128,
        OlderAnchor = 256,
        YoungerAnchor = 512,
        PreviousPrivileges = 1024,
        PreviousAuthenticatedAt = 2048,
        PreviousMethod = 4096,
        All = 8191,
    }

    /// <summary>The record of a credential.</summary>
    public static byte[] Write(SessionCredential credential)
    {
        var output = new RecordWriter(stackalloc byte[MaxSize]);
        Write(ref output, credential);
        return output.ToArray();
    }

    /// <summary>The credential of a record.</summary>
    /// <exception cref="FormatException">The record is damaged, or is not what <see cref="Write(SessionCredential)"/> writes.</exception>
    public static SessionCredential Read(ReadOnlySpan<byte> record)
    {
        try
        {
            var input = new RecordReader(record);
            var credential = Read(ref input);
            return input.IsEmpty ? credential : throw new FormatException("The credential is longer than what is in it.");
        }
        catch (ArgumentException e)
        {
            throw new FormatException("The credential is damaged.", e);
        }
    }

    internal static void Write(ref RecordWriter output, SessionCredential credential)
    {
        var (history, parts) = (credential.History, GetParts(credential.History));
        output.Hash(credential.Current);
        output.Hash(credential.Lineage);
        if (parts != Parts.None)
        {
            Span<byte> flags = stackalloc byte[FlagsSize];
            BinaryPrimitives.WriteUInt16BigEndian(flags, (ushort)parts);
            output.Bytes(flags);
            WriteHistory(ref output, parts, history);
        }
    }

    private static Parts GetParts(CredentialHistory history)
    {
        return Part(history.Generation != 0, Parts.Generation)
            | Part(history.Previous is not null, Parts.Previous)
            | Part(history.Salt is not null, Parts.Salt)
            | Part(history.Kind is not null, Parts.Kind)
            | Part(history.RotatedAt != Instant.None, Parts.RotatedAt)
            | Part(history.DeliveredAt != Instant.None, Parts.DeliveredAt)
            | Part(history.ConfirmedAt != Instant.None, Parts.ConfirmedAt)
            | Part(history.PreviousConfirmedAt != Instant.None, Parts.PreviousConfirmedAt)
            | Part(history.OlderAnchor is not null, Parts.OlderAnchor)
            | Part(history.YoungerAnchor is not null, Parts.YoungerAnchor)
            | Part(history.PreviousPrivileges is not null, Parts.PreviousPrivileges)
            | Part(history.PreviousPrivileges?.AuthenticatedAt is not null, Parts.PreviousAuthenticatedAt)
            | Part(history.PreviousPrivileges?.AuthenticationMethod is not null, Parts.PreviousMethod);

        static Parts Part(bool isThere, Parts part) => isThere ? part : Parts.None;
    }

    private static void WriteHistory(ref RecordWriter output, Parts parts, CredentialHistory history)
    {
        if (parts.HasFlag(Parts.Generation))
        {
            WriteGeneration(ref output, history.Generation);
        }

        if (history.Previous is { } previous)
        {
            output.Hash(previous);
        }

        if (history.Salt is { } salt)
        {
            Span<byte> bytes = stackalloc byte[CredentialSalt.Size];
            salt.CopyTo(bytes);
            output.Bytes(bytes);
        }

        if (history.Kind is { } kind)
        {
            output.Byte((byte)kind);
        }

        foreach (
            var milliseconds in (ReadOnlySpan<long>)
                [history.RotatedAt, history.DeliveredAt, history.ConfirmedAt, history.PreviousConfirmedAt]
        )
        {
            if (milliseconds != Instant.None)
            {
                output.Instant(Instant.To(milliseconds));
            }
        }

        WriteAnchor(ref output, history.OlderAnchor);
        WriteAnchor(ref output, history.YoungerAnchor);
        if (history.PreviousPrivileges is { } privileges)
        {
            WritePrivileges(ref output, privileges);
        }
    }

    private static void WriteGeneration(ref RecordWriter output, int generation)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, generation);
        output.Bytes(bytes[^GenerationSize..]);
    }

    private static void WriteAnchor(ref RecordWriter output, RotationAnchor? anchor)
    {
        if (anchor is { } there)
        {
            WriteGeneration(ref output, there.Generation);
            output.Instant(there.At);
        }
    }

    private static void WritePrivileges(ref RecordWriter output, SessionPrivileges privileges)
    {
        output.Instant(privileges.EndsAt);
        if (privileges.AuthenticatedAt is { } at)
        {
            output.Instant(at);
        }

        if (privileges.AuthenticationMethod is { } method)
        {
            output.TextSection(method);
        }
    }

    private static SessionCredential Read(ref RecordReader input)
    {
        var (current, lineage) = (input.Hash(), input.Hash());
        if (input.IsEmpty)
        {
            return new() { Lineage = lineage, Current = current };
        }

        var parts = (Parts)BinaryPrimitives.ReadUInt16BigEndian(input.Take(FlagsSize));
        if (parts == Parts.None || (parts & ~Parts.All) != 0)
        {
            throw new FormatException("The credential has no parts, or such as this version does not know.");
        }

        // Stores compare the bytes of credentials, so only what is written back as the same bytes may be read.
        var history = ReadHistory(ref input, parts);
        return GetParts(history) == parts
            ? new()
            {
                Lineage = lineage,
                Current = current,
                History = history,
            }
            : throw new FormatException("The credential names parts that are not there.");
    }

    // Initializers run in the order of the text, which is the order of the bytes.
    private static CredentialHistory ReadHistory(ref RecordReader input, Parts parts) =>
        new()
        {
            Generation = parts.HasFlag(Parts.Generation) ? ReadGeneration(ref input) : 0,
            Previous = parts.HasFlag(Parts.Previous) ? input.Hash() : null,
            Salt = parts.HasFlag(Parts.Salt) ? new CredentialSalt(input.Take(CredentialSalt.Size)) : null,
            Kind = parts.HasFlag(Parts.Kind) ? (RotationKind)input.Byte() : null,
            RotatedAt = parts.HasFlag(Parts.RotatedAt) ? Instant.From(input.Instant()) : Instant.None,
            DeliveredAt = parts.HasFlag(Parts.DeliveredAt) ? Instant.From(input.Instant()) : Instant.None,
            ConfirmedAt = parts.HasFlag(Parts.ConfirmedAt) ? Instant.From(input.Instant()) : Instant.None,
            PreviousConfirmedAt = parts.HasFlag(Parts.PreviousConfirmedAt) ? Instant.From(input.Instant()) : Instant.None,
            OlderAnchor = parts.HasFlag(Parts.OlderAnchor) ? ReadAnchor(ref input) : null,
            YoungerAnchor = parts.HasFlag(Parts.YoungerAnchor) ? ReadAnchor(ref input) : null,
            PreviousPrivileges = parts.HasFlag(Parts.PreviousPrivileges) ? ReadPrivileges(ref input, parts) : null,
        };

    private static int ReadGeneration(ref RecordReader input)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        bytes.Clear();
        input.Take(GenerationSize).CopyTo(bytes[^GenerationSize..]);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private static RotationAnchor ReadAnchor(ref RecordReader input) =>
        new() { Generation = ReadGeneration(ref input), At = input.Instant() };

    private static SessionPrivileges ReadPrivileges(ref RecordReader input, Parts parts) =>
        new()
        {
            EndsAt = input.Instant(),
            AuthenticatedAt = parts.HasFlag(Parts.PreviousAuthenticatedAt) ? input.Instant() : null,
            AuthenticationMethod = parts.HasFlag(Parts.PreviousMethod) ? s_strict.GetString(input.Take(input.Byte())) : null,
        };
}
