using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Sessions.Analyzers.CodeFixes;

/// <summary>Fixes SUP0001 in one of two ways: the handler answers with the value, or braces declare that it answers nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class DroppedValueCodeFixProvider : CodeFixProvider
{
    private const string Answer = "Answer with the value";
    private const string Nothing = "Answer nothing";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [DroppedValueAnalyzer.DiagnosticId];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var document = context.Document;
        var root = await document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        var diagnostic = context.Diagnostics[0];
        var lambda = root!
            .FindNode(diagnostic.Location.SourceSpan)
            .AncestorsAndSelf()
            .OfType<LambdaExpressionSyntax>()
            .First(candidate => candidate.ExpressionBody?.Span == diagnostic.Location.SourceSpan);

        Offer(Answer, HandlerRewriter.Answering(lambda, model!, context.CancellationToken));
        Offer(Nothing, HandlerRewriter.WithBraces(lambda));

        void Offer(string title, LambdaExpressionSyntax? rewritten)
        {
            if (rewritten is not null)
            {
                var changed = document.WithSyntaxRoot(root!.ReplaceNode(lambda, rewritten));
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(changed), equivalenceKey: title), diagnostic);
            }
        }
    }
}
