using System.Reflection;
using Sessions.Stores;

namespace Sessions.Tests.Stores;

/// <summary>A store that does nothing but record its calls, and answers each with something of its own.</summary>
public class CallRecorder : DispatchProxy
{
    public List<(MethodInfo Member, object?[] Arguments)> Calls { get; } = [];

    /// <summary>What the last call got.</summary>
    public object? Answer { get; private set; }

    public static ISessionStore Create() => Create<ISessionStore, CallRecorder>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        Calls.Add((targetMethod!, args ?? []));
        return Answer = CreateAnswer(targetMethod!.ReturnType);
    }

    private static object? CreateAnswer(Type type)
    {
        if (type == typeof(ISessionChangeFeed))
        {
            return ChangeFeedBroker.CreateInProcess(TimeProvider.System);
        }

        // A task that fails is told from every other one by its exception.
        var failed = Task.FromException(new InvalidOperationException());
        return type == typeof(ValueTask)
            ? new ValueTask(failed)
            : typeof(ValueTask)
                .GetMethod(nameof(ValueTask.FromException), 1, [typeof(Exception)])!
                .MakeGenericMethod(type.GetGenericArguments())
                .Invoke(null, [failed.Exception!.InnerException]);
    }
}
