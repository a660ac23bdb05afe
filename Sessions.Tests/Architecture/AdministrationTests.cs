using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Architecture;

public sealed class AdministrationTests
{
    /// <summary>
    /// Which users may end the sessions of others is for the application to say, so nothing that is mapped for users reaches them.
    /// </summary>
    [Test]
    public void No_verb_and_no_endpoint_of_the_package_reaches_administration()
    {
        string[] administrative = [nameof(SessionAdministration), nameof(ISessionStore.FetchPageAsync)];
        var served = SourceFile.All.Where(file => file.Project.Name == "Sessions.Core" && file.Folders is ["AspNetCore", ..]).ToList();

        var found =
            from file in served
            where file.Code.Any(line => administrative.Any(name => line.Contains(name, StringComparison.Ordinal)))
            select file.RelativePath;

        Assert.That(served, Is.Not.Empty);
        Assert.That(found, Is.Empty);
    }
}
