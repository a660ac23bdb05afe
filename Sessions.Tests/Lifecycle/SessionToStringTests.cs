using System.Text.Json;
using NUnit.Framework;

namespace Sessions.Tests.Lifecycle;

public sealed class SessionToStringTests
{
    private static readonly JsonSerializerOptions WithFields = new() { IncludeFields = true };

    [Test]
    public void A_session_prints_its_id_and_nothing_else()
    {
        var session = FixedSamples.Session();

        Assert.That($"{session}", Is.EqualTo($"Session {session.Id}"));
        Assert.That($"{session.Credential}", Is.EqualTo("(redacted)"));
        Assert.That($"{session.Values}", Is.EqualTo("3 values"));
    }

    [Test]
    public void JSON_of_a_session_has_no_credential()
    {
        var session = FixedSamples.Session();
        using var json = JsonDocument.Parse(JsonSerializer.Serialize(session, JsonSerializerOptions.Web));

        Assert.That(
            json.RootElement.EnumerateObject().Select(property => property.Name),
            Is.EquivalentTo(
                (string[])
                    [
                        "id",
                        "userKey",
                        "createdAt",
                        "lastSeenAt",
                        "expiresAt",
                        "endsAt",
                        "idleTimeout",
                        "hasCustomLifetime",
                        "isPersistent",
                        "isBearer",
                        "authenticatedAt",
                        "authenticationMethod",
                        "client",
                        "lastClient",
                        "values",
                        "tags",
                    ]
            )
        );
        Assert.That(json.RootElement.GetProperty("id").GetString(), Is.EqualTo(session.Id.ToString()));
        Assert.That(json.RootElement.GetProperty("createdAt").GetDateTimeOffset(), Is.EqualTo(session.CreatedAt));
        Assert.That(json.RootElement.GetProperty("values").GetProperty("theme").GetString(), Is.EqualTo("dark"));
        Assert.That(json.RootElement.GetProperty("tags")[0].GetProperty("name").GetString(), Is.EqualTo("oidc.sid"));
    }

    [Test]
    public void A_session_is_not_made_from_the_JSON_that_clients_see() =>
        Assert.That(
            () => JsonSerializer.Deserialize<Session>(JsonSerializer.Serialize(FixedSamples.Session())),
            Throws.TypeOf<JsonException>()
        );

    [Test]
    public void JSON_of_a_credential_has_no_hash()
    {
        var session = FixedSamples.Session();
        var json = JsonSerializer.Serialize(session.Credential, WithFields);

        foreach (var hash in (Sha256Hash[])[session.Credential.Lineage, session.Credential.Current, session.Credential.Previous!.Value])
        {
            Assert.That(json, Does.Not.Contain(Convert.ToBase64String(hash.ToArray())));
            Assert.That(json, Does.Not.Contain(Convert.ToHexString(hash.ToArray())).IgnoreCase);
        }

        Assert.That(json, Does.Contain("\"Current\":{}"));
    }
}
