using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;
using Sessions.Tests.Building;

namespace Sessions.Tests.Testing.SqlStore;

/// <summary>Compiles the store with a change in its source, as an author might have written it, together with its suites.</summary>
internal static class SqlStoreCompiler
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static int s_count;

    private static readonly string[] s_files =
    [
        "Repair.cs",
        "SqlStore/SqlTransaction.cs",
        "SqlStore/SqlSessionStore.cs",
        "SqlStore/SqlSessionStore.Steps.cs",
        "SqlStore/SqlSessionStore.Connection.cs",
        "SqlStore/SqlStoreBackend.cs",
    ];

    private static readonly Lazy<MetadataReference[]> s_references = new(static () =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Where(static path => path != typeof(SqlStoreCompiler).Assembly.Location)
                .Select(static path => MetadataReference.CreateFromFile(path)),
        ]
    );

    private static readonly Lazy<string[]> s_sources = new(static () =>
        [.. s_files.Select(static file => File.ReadAllText(Repository.PathOf($"Sessions.Tests/Testing/{file}")).ReplaceLineEndings("\n"))]
    );

    /// <param name="edits">What is replaced by what; each text stands once in the source.</param>
    public static Assembly Compile(IReadOnlyList<(string Text, string Replacement)> edits)
    {
        var sources = s_sources.Value.ToArray();
        foreach (var (text, replacement) in edits)
        {
            var changed = Enumerable.Range(0, sources.Length).Where(i => sources[i].Contains(text, StringComparison.Ordinal)).ToArray();
            Assert.That(changed, Has.Length.EqualTo(1), $"In how many files the text stands: {text}");
            var parts = sources[changed[0]].Split(text);
            Assert.That(parts, Has.Length.EqualTo(2), $"One more than how often the text stands: {text}");
            sources[changed[0]] = string.Join(replacement, parts);
        }

        var compilation = CSharpCompilation.Create(
            $"SqlStore{Interlocked.Increment(ref s_count)}",
            sources.Append(GlobalUsings).Select(static source => CSharpSyntaxTree.ParseText(source)),
            s_references.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable)
        );
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.That(result.Diagnostics.Where(static found => found.Severity == DiagnosticSeverity.Error), Is.Empty);
        return Assembly.Load(assembly.ToArray());
    }
}
