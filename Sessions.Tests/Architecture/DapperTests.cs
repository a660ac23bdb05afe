using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using NUnit.Framework;

namespace Sessions.Tests.Architecture;

/// <summary>Every call of Dapper in a package is compiled with it.</summary>
public sealed class DapperTests
{
    // What Dapper.AOT does not understand it leaves to Dapper without a word: that code is made at run time, uses the handlers of the
    // application, and does not run in a program that was compiled ahead of time.
    [TestCase("Sessions.Postgres")]
    [TestCase("Sessions.Sqlite")]
    public void No_call_is_left_to_the_part_of_Dapper_that_works_at_run_time(string assembly)
    {
        using var file = File.OpenRead(Assembly.Load(assembly).Location);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var called =
            from handle in metadata.MemberReferences
            let member = metadata.GetMemberReference(handle)
            where member.Parent.Kind == HandleKind.TypeReference
            let type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent)
            where metadata.GetString(type.Namespace) == "Dapper"
            select $"{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";

        // AsList is a cast.
        Assert.That(
            called.Distinct().Where(name => name.StartsWith("SqlMapper.", StringComparison.Ordinal)),
            Is.SubsetOf(["SqlMapper.AsList"])
        );
        Assert.That(called, Does.Contain("DapperAotExtensions.Command"));
    }
}
