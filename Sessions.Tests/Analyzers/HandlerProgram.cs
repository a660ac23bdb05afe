using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Sessions.Analyzers;
using Sessions.Analyzers.CodeFixes;

namespace Sessions.Tests.Analyzers;

/// <summary>A program whose method <c>Map</c> is a few lines of a test, as an editor holds it.</summary>
internal sealed class HandlerProgram(Document document)
{
    private const string Before = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.Builder;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Routing;
        using Sessions;

        public static class Program
        {
            private static bool flag;
            private static object kept;

            private static async Task<IReadOnlyList<ListedSession>> ListAsync(HttpContext http) => await http.FetchAllSessionsAsync();
            private static ValueTask<IReadOnlyList<ListedSession>> ListSoonAsync(HttpContext http) => http.FetchAllSessionsAsync();
            private static async Task EndAsync(HttpContext http) => await http.RevokeSessionAsync();
            private static async Task<string> NameAsync() => await Task.FromResult("ann");

            public static void Map(WebApplication app)
            {

        """;

    private const string After = """

            }
        }
        """;

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        new DroppedValueAnalyzer(),
        .. new AnalyzerFileReference(AspNetAnalyzers(), new Loader())
            .GetAnalyzers(LanguageNames.CSharp)
            .Where(static analyzer => analyzer.SupportedDiagnostics.Any(static rule => rule.Id == "ASP0016")),
    ];

    public static HandlerProgram Create(string lines)
    {
        var solution = new AdhocWorkspace().CurrentSolution;
        var project = ProjectInfo.Create(
            ProjectId.CreateNewId(),
            VersionStamp.Default,
            "Program",
            "Program",
            LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary),
            parseOptions: new CSharpParseOptions(LanguageVersion.CSharp14),
            metadataReferences: References
        );
        return new(solution.AddProject(project).GetProject(project.Id)!.AddDocument("Program.cs", Before + lines + After));
    }

    /// <summary>The present text of the lines.</summary>
    public async Task<string> LinesAsync() => (await document.GetTextAsync()).ToString()[Before.Length..^After.Length];

    /// <summary>The ids of compile errors and of the reports of SUP0001 and of ASP.NET Core's own rule, ASP0016.</summary>
    public async Task<IReadOnlyList<string>> ReportsAsync() => [.. (await DiagnosticsAsync()).Select(static found => found.Id)];

    /// <summary>The type that the first lambda or method in a call becomes, or null.</summary>
    public async Task<string?> HandlerTypeAsync()
    {
        var model = await document.GetSemanticModelAsync();
        var map = (await document.GetSyntaxRootAsync())!.DescendantNodes().OfType<MethodDeclarationSyntax>().Last();
        return map.DescendantNodes()
            .OfType<InvocationExpressionSyntax>()
            .Select(call => model.GetSymbolInfo(call).Symbol)
            .OfType<IMethodSymbol>()
            .SelectMany(static method => method.Parameters)
            .Select(static parameter => parameter.Type.Name)
            .FirstOrDefault(static name => name is "RequestDelegate" or "Delegate");
    }

    /// <summary>The titles of the fixes that an editor offers for the first report of SUP0001.</summary>
    public async Task<IReadOnlyList<string>> FixesAsync() => [.. (await ActionsAsync()).Select(static action => action.Title)];

    public async Task<HandlerProgram> FixedAsync(string title)
    {
        var operations = await (await ActionsAsync()).Single(action => action.Title == title).GetOperationsAsync(CancellationToken.None);
        return new(operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!);
    }

    /// <summary>Compiles and loads the program; what is returned maps its handlers.</summary>
    public async Task<Action<WebApplication>> LoadAsync()
    {
        using var image = new MemoryStream();
        var result = (await document.Project.GetCompilationAsync())!.Emit(image);
        return result.Success
            ? Assembly.Load(image.ToArray()).GetType("Program")!.GetMethod("Map")!.CreateDelegate<Action<WebApplication>>()
            : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    private async Task<IEnumerable<Diagnostic>> DiagnosticsAsync() =>
        (await (await document.Project.GetCompilationAsync())!.WithAnalyzers(Analyzers).GetAllDiagnosticsAsync()).Where(static found =>
            found.Severity == DiagnosticSeverity.Error || found.Id is DroppedValueAnalyzer.DiagnosticId or "ASP0016" or "AD0001"
        );

    private async Task<IReadOnlyList<CodeAction>> ActionsAsync()
    {
        var actions = new List<CodeAction>();
        var report = (await DiagnosticsAsync()).First(static found => found.Id == DroppedValueAnalyzer.DiagnosticId);
        await new DroppedValueCodeFixProvider().RegisterCodeFixesAsync(
            new CodeFixContext(document, report, (action, _) => actions.Add(action), CancellationToken.None)
        );
        return actions;
    }

    // It comes with the SDK, beside the runtime that runs this.
    private static string AspNetAnalyzers() =>
        Directory
            .GetFiles(
                Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "packs", "Microsoft.AspNetCore.App.Ref"),
                "Microsoft.AspNetCore.App.Analyzers.dll",
                SearchOption.AllDirectories
            )
            .Order(StringComparer.Ordinal)
            .Last();

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath) { }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
