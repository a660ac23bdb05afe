using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sessions.AspNetCore;

/// <summary>The shape of the mapped endpoints' answers, fixed here, whatever the application does with its own JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(IReadOnlyList<ListedSession>))]
[JsonSerializable(typeof(CurrentSession))]
[JsonSerializable(typeof(RevokedSessions))]
internal sealed partial class SessionEndpointsJsonContext : JsonSerializerContext;
