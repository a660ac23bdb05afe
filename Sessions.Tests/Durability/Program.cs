using Sessions.Tests.Passwords;

namespace Sessions.Tests.Durability;

/// <summary>
/// The test assembly can be started as a program as well: then it is the process that tests kill, or one that knows Unicode.
/// </summary>
internal static class Program
{
    private static Task Main(string[] args)
    {
        if (args is [nameof(NormalizedPasswords)])
        {
            return NormalizedPasswords.PrintAsync(Console.Out);
        }

        var backend = (IDurableBackend)Activator.CreateInstance(Type.GetType(args[0], throwOnError: true)!)!;
        return new SessionWorkload(backend.Open(args[1]), Console.Out).RunAsync();
    }
}
