using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Sessions.Analyzers.CodeFixes;

/// <summary>Rewrites a handler so that what it answers is explicit.</summary>
internal static class HandlerRewriter
{
    /// <summary>
    /// The handler as one that C# binds to <see cref="Delegate"/>, whose value ASP.NET Core answers; null where there is no such overload,
    /// as with <c>app.Run</c>.
    /// </summary>
    /// <remarks>
    /// A lambda that gives a <c>ValueTask&lt;T&gt;</c>, or that returns a value from braces, cannot become a <c>RequestDelegate</c>.
    /// Neither needs a name for the type, which may have none.
    /// </remarks>
    public static LambdaExpressionSyntax? Answering(LambdaExpressionSyntax lambda, SemanticModel model, CancellationToken cancellation)
    {
        var typed = WithTypedParameter(lambda, model, cancellation);
        var answering = GivenValueTask(lambda, model, cancellation) is { } given
            ? typed
                .WithModifiers(WithoutAsync(typed.Modifiers))
                .WithExpressionBody(given.WithLeadingTrivia(lambda.ExpressionBody!.GetLeadingTrivia()))
            : WithBlock(typed, ReturnStatement(lambda.ExpressionBody!.WithoutTrivia()));
        return BindsToDelegate(lambda, answering, model) ? Formatted(answering, lambda) : null;
    }

    /// <summary>The handler with its expression as a statement in braces: nothing is answered, on purpose.</summary>
    public static LambdaExpressionSyntax WithBraces(LambdaExpressionSyntax lambda) =>
        Formatted(WithBlock(lambda, ExpressionStatement(lambda.ExpressionBody!.WithoutTrivia())), lambda);

    private static LambdaExpressionSyntax Formatted(LambdaExpressionSyntax rewritten, LambdaExpressionSyntax original) =>
        rewritten.WithTriviaFrom(original).WithAdditionalAnnotations(Formatter.Annotation);

    private static LambdaExpressionSyntax WithBlock(LambdaExpressionSyntax lambda, StatementSyntax statement) =>
        lambda.WithExpressionBody(null).WithBlock(Block(statement));

    // Without the type of its parameter a lambda has no type of its own, and converts to no Delegate.
    private static ParenthesizedLambdaExpressionSyntax WithTypedParameter(
        LambdaExpressionSyntax lambda,
        SemanticModel model,
        CancellationToken cancellation
    )
    {
        var parameter = lambda is SimpleLambdaExpressionSyntax simple
            ? simple.Parameter
            : ((ParenthesizedLambdaExpressionSyntax)lambda).ParameterList.Parameters[0];
        if (parameter.Type is not null)
        {
            return (ParenthesizedLambdaExpressionSyntax)lambda;
        }

        var type = model.GetDeclaredSymbol(parameter, cancellation)!.Type.ToMinimalDisplayString(model, parameter.SpanStart);
        var typed = parameter.WithoutTrivia().WithType(ParseTypeName(type).WithTrailingTrivia(Space));
        var list = ParameterList(SingletonSeparatedList(typed));
        return lambda is ParenthesizedLambdaExpressionSyntax other
            ? other.WithParameterList(list.WithTriviaFrom(other.ParameterList))
            : ParenthesizedLambdaExpression(
                lambda.AttributeLists,
                lambda.Modifiers,
                returnType: null,
                list.WithTrailingTrivia(Space),
                lambda.ArrowToken,
                block: null,
                lambda.ExpressionBody
            );
    }

    /// <summary>
    /// The <c>ValueTask&lt;T&gt;</c> that the handler can give as it is, awaited or not; null where another await comes before it.
    /// </summary>
    private static ExpressionSyntax? GivenValueTask(LambdaExpressionSyntax lambda, SemanticModel model, CancellationToken cancellation)
    {
        var given = lambda.ExpressionBody is AwaitExpressionSyntax { Expression: var awaited } ? awaited : lambda.ExpressionBody!;
        if (
            given is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "ConfigureAwait" } configure
            }
        )
        {
            given = configure.Expression;
        }

        while (given is ParenthesizedExpressionSyntax { Expression: var inner })
        {
            given = inner;
        }

        return
            model.GetTypeInfo(given, cancellation).Type is INamedTypeSymbol { Name: nameof(ValueTask<>), IsGenericType: true }
            && !given.DescendantNodesAndSelf().OfType<AwaitExpressionSyntax>().Any()
            ? given.WithoutTrivia()
            : null;
    }

    private static SyntaxTokenList WithoutAsync(SyntaxTokenList modifiers) =>
        TokenList(modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.AsyncKeyword)));

    private static bool BindsToDelegate(LambdaExpressionSyntax lambda, LambdaExpressionSyntax rewritten, SemanticModel model)
    {
        if (lambda.Parent is not ArgumentSyntax { Parent.Parent: InvocationExpressionSyntax call })
        {
            return false;
        }

        var changed = call.ReplaceNode(lambda, rewritten);
        var info = model.GetSpeculativeSymbolInfo(call.SpanStart, changed, SpeculativeBindingOption.BindAsExpression);
        return info.Symbol is IMethodSymbol method
            && method.Parameters.Any(parameter =>
                parameter.Type
                    is {
                        Name: nameof(Delegate),
                        ContainingNamespace: { Name: nameof(System), ContainingNamespace.IsGlobalNamespace: true }
                    }
            );
    }
}
