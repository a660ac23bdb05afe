namespace Sessions.Testing;

/// <summary>A full credential with one part changed to a value that a store may lose or take for another, by name.</summary>
internal static class CredentialVariations
{
    private static readonly DateTimeOffset s_epoch = DateTimeOffset.UnixEpoch;

    private static readonly Dictionary<string, Func<SessionCredential, SampleSessions, SessionCredential>> s_all = new(
        StringComparer.Ordinal
    )
    {
        ["another secret"] = (credential, samples) => credential with { Current = samples.NewHash() },
        ["another lineage"] = (credential, samples) => credential with { Lineage = samples.NewHash() },
        ["generation 0"] = (credential, _) => credential with { Generation = 0 },
        ["the last generation"] = (credential, _) => credential with { Generation = 16_777_215 },
        ["no previous secret"] = (credential, _) => credential with { Previous = null },
        ["no salt"] = (credential, _) => credential with { Salt = null },
        ["another salt"] = (credential, samples) => credential with { Salt = samples.NewSalt() },
        ["no kind of rotation"] = (credential, _) => credential with { RotationKind = null },
        ["another kind of rotation"] = (credential, _) => credential with { RotationKind = RotationKind.Rotation },
        ["never rotated"] = (credential, _) => credential with { RotatedAt = null },
        ["rotated at the epoch"] = (credential, _) => credential with { RotatedAt = s_epoch },
        ["never delivered"] = (credential, _) => credential with { DeliveredAt = null },
        ["delivered at the epoch"] = (credential, _) => credential with { DeliveredAt = s_epoch },
        ["never confirmed"] = (credential, _) => credential with { ConfirmedAt = null },
        ["confirmed at the epoch"] = (credential, _) => credential with { ConfirmedAt = s_epoch },
        ["confirmed a millisecond later"] = (credential, _) =>
            credential with
            {
                ConfirmedAt = credential.ConfirmedAt!.Value.AddMilliseconds(1),
            },
        ["previous never confirmed"] = (credential, _) => credential with { PreviousConfirmedAt = null },
        ["no older anchor"] = (credential, _) => credential with { OlderAnchor = null },
        ["no younger anchor"] = (credential, _) => credential with { YoungerAnchor = null },
        ["anchors changed over"] = (credential, _) =>
            credential with
            {
                OlderAnchor = credential.YoungerAnchor,
                YoungerAnchor = credential.OlderAnchor,
            },
        ["no previous privileges"] = (credential, _) => credential with { PreviousPrivileges = null },
        ["previous never authenticated"] = (credential, _) =>
            credential with
            {
                PreviousPrivileges = credential.PreviousPrivileges! with { AuthenticatedAt = null },
            },
        ["previous without a method"] = (credential, _) =>
            credential with
            {
                PreviousPrivileges = credential.PreviousPrivileges! with { AuthenticationMethod = null },
            },
        ["previous with an empty method"] = (credential, _) =>
            credential with
            {
                PreviousPrivileges = credential.PreviousPrivileges! with { AuthenticationMethod = "" },
            },
        ["of a sign-in"] = (credential, _) => new() { Lineage = credential.Lineage, Current = credential.Current },
        ["hashes of zeros"] = (_, _) => CreateOf(0x00),
        ["hashes of ones"] = (_, _) => CreateOf(0xFF),
        ["hashes of line ends"] = (_, _) => CreateOf(0x0A),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static SessionCredential Create(string name, SessionCredential credential, SampleSessions samples) =>
        s_all[name](credential, samples);

    private static SessionCredential CreateOf(byte value)
    {
        Span<byte> bytes = stackalloc byte[Sha256Hash.Size];
        bytes.Fill(value);
        var hash = new Sha256Hash(bytes);
        return new()
        {
            Lineage = hash,
            Current = hash,
            Previous = hash,
            Salt = new CredentialSalt(bytes),
        };
    }
}
