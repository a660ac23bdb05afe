using System.Text.Json.Serialization;

namespace Sessions.Cookies;

/// <summary>Values by key as they stand in a cookie: a type of their own, so that they are told from the application's sessions.</summary>
internal sealed class CookieValueMap : Dictionary<string, string>
{
    public CookieValueMap() { }

    public CookieValueMap(SessionValues values)
        : base(values) { }

    public SessionValues ToValues() => SessionValues.From(this);
}

/// <summary>Their shape in JSON, without reflection.</summary>
[JsonSerializable(typeof(CookieValueMap))]
internal sealed partial class CookieValueJson : JsonSerializerContext;
