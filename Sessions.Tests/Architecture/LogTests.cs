using System.Reflection;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace Sessions.Tests.Architecture;

public sealed class LogTests
{
    [Test]
    public void No_two_log_messages_of_a_package_have_one_number_or_one_name()
    {
        var messages = Directory
            .GetFiles(AppContext.BaseDirectory, "Sessions.*.dll")
            .Select(Assembly.LoadFrom)
            .SelectMany(static assembly => assembly.GetTypes())
            .SelectMany(static type =>
                type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            )
            .Select(static method => (Package: method.Module.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static entry => entry.Message is not null)
            .ToList();

        Assert.That(messages, Has.Count.GreaterThan(20));
        Assert.That(messages.Select(static entry => (entry.Package, entry.Message!.EventId)), Is.Unique);
        Assert.That(messages.Select(static entry => (entry.Package, entry.Message!.EventName)), Is.Unique);
    }
}
