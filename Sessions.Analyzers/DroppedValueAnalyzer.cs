using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Sessions.Analyzers;

/// <summary>
/// Reports a handler such as <c>async http => await http.FetchAllSessionsAsync()</c>: its only parameter is the request, so C# prefers
/// <c>RequestDelegate</c>, which has no result, and the response is empty.
/// </summary>
/// <remarks>
/// An expression body reads as the answer, and with one more parameter it is the answer. Braces declare that nothing is answered. Handlers
/// that return a <c>Task&lt;T&gt;</c> without <c>async</c>, methods among them, are ASP.NET Core's own to report (ASP0016).
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedValueAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string DiagnosticId = "SUP0001";

    private const string VerbAssembly = "Sessions.Core";

    private static readonly DiagnosticDescriptor Rule = new(
        DiagnosticId,
        "A handler drops the value that its expression gives",
        "The value of type '{0}' is not answered, since this lambda becomes a RequestDelegate; "
            + "return the value, or put braces around the expression if nothing is to be answered",
        "Usage",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "An async lambda whose only parameter is the HttpContext and whose body is an expression becomes a RequestDelegate, "
            + "which has no result. The same lambda with one more parameter answers its value."
    );

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName("Microsoft.AspNetCore.Http.RequestDelegate") is { } requestDelegate)
            {
                start.RegisterOperationAction(operation => Analyze(operation, requestDelegate), OperationKind.AnonymousFunction);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, INamedTypeSymbol requestDelegate)
    {
        var lambda = (IAnonymousFunctionOperation)context.Operation;
        if (
            lambda.Parent is IDelegateCreationOperation { Type: { } type }
            && SymbolEqualityComparer.Default.Equals(type, requestDelegate)
            && !StatesItsResult(lambda)
            && DroppedValue(lambda) is { Type: { SpecialType: not SpecialType.System_Void } dropped } value
            && value.DescendantsAndSelf().Any(IsVerb)
        )
        {
            var shown = dropped.ToMinimalDisplayString(lambda.SemanticModel!, lambda.Syntax.SpanStart);
            context.ReportDiagnostic(Diagnostic.Create(Rule, value.Syntax.GetLocation(), shown));
        }
    }

    // "async Task (HttpContext http) => ..." declares that there is none.
    private static bool StatesItsResult(IAnonymousFunctionOperation lambda) =>
        lambda.Syntax is ParenthesizedLambdaExpressionSyntax { ReturnType: not null };

    // A statement, since the delegate has no result: without async the expression is returned. An assignment keeps the value, and "_ = ..."
    // drops it on purpose.
    private static IOperation? DroppedValue(IAnonymousFunctionOperation lambda) =>
        lambda.Syntax is LambdaExpressionSyntax { ExpressionBody: not null }
        && lambda.Body.Operations.FirstOrDefault() is IExpressionStatementOperation { Operation: var value and not IAssignmentOperation }
            ? value
            : null;

    private static bool IsVerb(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.ContainingAssembly.Name: VerbAssembly };
}
