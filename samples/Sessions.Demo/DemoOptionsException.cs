namespace Sessions.Demo;

/// <summary>An option is wrong; the message is the one line that the user sees.</summary>
internal sealed class DemoOptionsException(string message) : Exception(message);
