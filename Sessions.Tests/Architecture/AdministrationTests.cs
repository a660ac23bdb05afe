using NUnit.Framework;
using Sessions.Stores;

namespace Sessions.Tests.Architecture;

public sealed class AdministrationTests
{
    /// <summary>Who may end the sessions of others is for the application to say, so nothing that is mapped for users walks through them.</summary>
    [Test]
    public void No_endpoint_of_the_package_pages_through_all_sessions()
    {
        string[] walking =
        [
            nameof(ISessionStore.FetchPageAsync),
            nameof(SessionManager.EnumerateAsync),
            nameof(SessionManager.RevokeWhereAsync),
        ];
        var served = SourceFile.All.Where(file => file.Project.Name == "Sessions.Core" && file.Folders is ["AspNetCore", ..]).ToList();

        var found =
            from file in served
            where file.Code.Any(line => walking.Any(name => line.Contains(name, StringComparison.Ordinal)))
            select file.RelativePath;

        Assert.That(served, Is.Not.Empty);
        Assert.That(found, Is.Empty);
    }
}
