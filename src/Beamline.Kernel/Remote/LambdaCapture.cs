using Beamline.Notebook;
using Beamline.Remote;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>Takes a lambda of a running cell apart: its text, the variables of the session and of the cell, and locals that it has caught.</summary>
internal sealed class LambdaCapture(NotebookKernel kernel, string label)
{
    /// <exception cref="MagicException">It cannot travel.</exception>
    public CapturedCell Capture(string source, Delegate function, Type item, Type result)
    {
        RefuseTypes(item, result);
        var session = kernel.Session;
        var chain = new SubmissionChain(session.StateNow);
        var expression = SyntaxFactory.ParseExpression(source, options: CSharpSession.ParseOptions);
        var caught = CaughtVariables.Of(function);
        var used = expression.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Where(n => n.Parent is not MemberAccessExpressionSyntax member || member.Name != n).Select(n => n.Identifier.ValueText).ToHashSet(StringComparer.Ordinal);
        CapturedInput[] locals = [.. caught.Where(c => used.Contains(c.Name)).Select(Local)];
        var before = locals.Length == 0 ? chain.Last : session.Follow(
            SubmissionSettings.Parse(string.Join('\n', locals.Select(l => $"{l.TypeName} {l.Name} = default!;")), "locals"), chain.Last, null);
        var text = Function(expression, function, TypeText.Of(item));
        var tree = SubmissionSettings.Parse(text, label);
        var compilation = session.Follow(tree, before, null);
        if (compilation.GetDiagnostics().FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw new MagicException(error.Id == "CS0103"
                ? $"{Name(error)} in the function to send is a local function or a member of an object, which does not travel. Declare it at the top of a cell."
                : $"The function to send does not compile outside of its place: {error.Id}: {error.GetMessage()}. Write it as a lambda in the call, or as a function at the top of a cell.");
        }

        var model = compilation.GetSemanticModel(tree);
        var reach = new Reach(chain);
        reach.AddCell(tree.GetRoot(), model);
        foreach (var type in new[] { item, result }.Concat(locals.Select(l => l.Type)).SelectMany(Parts))
        {
            if (chain.SymbolOf(type) is { } symbol)
            {
                reach.AddType(symbol);
            }
        }

        var staying = ItemWrites.Of(reach);
        var packed = new CellPacker(kernel, chain, reach, model, label) { Locals = locals }.Pack();
        packed.Check(text, null, isRewritten: false);
        return packed.Cell(text) with
        {
            NotComingBack = staying,

            // Who calls has the items, and adds them as an input of this name.
            Map = new JobMap("item", TypeText.Of(item), TypeText.Of(result), 0, MapFunction.Name) { Items = "items.0" },
        };
    }

    private static void RefuseTypes(Type item, Type result)
    {
        foreach (var (type, what) in new[] { (item, "an item"), (result, "the result of an item") })
        {
            if (CaughtVariables.Refusal(type) is { } why)
            {
                throw new MagicException($"{what} ({type.Name}) cannot travel: {why}.");
            }
        }
    }

    private static CapturedInput Local((string Name, Type Type, object? Value) caught) =>
        (CaughtVariables.Refusal(caught.Type) ?? (caught.Value is { } value ? CaughtVariables.Refusal(value.GetType()) : null)) is { } why
            ? throw new MagicException($"{caught.Name} ({caught.Type.Name}) in the function to send cannot travel: {why}.")
            : new CapturedInput(caught.Name, TypeText.Of(caught.Type), caught.Type, caught.Value);

    private static string Function(ExpressionSyntax expression, Delegate function, string item)
    {
        var result = TypeText.Of(function.Method.ReturnType);
        var (parameter, body, isAsync) = expression switch
        {
            SimpleLambdaExpressionSyntax simple => (simple.Parameter.Identifier.Text, simple.Body, simple.AsyncKeyword.RawKind != 0),
            ParenthesizedLambdaExpressionSyntax { ParameterList.Parameters: [var one] } many => (one.Identifier.Text, many.Body, many.AsyncKeyword.RawKind != 0),
            AnonymousMethodExpressionSyntax { ParameterList.Parameters: [var one] } old => (one.Identifier.Text, (CSharpSyntaxNode)old.Block, old.AsyncKeyword.RawKind != 0),
            _ => ("item__", SyntaxFactory.ParseExpression($"{expression}(item__)", options: CSharpSession.ParseOptions), false),
        };
        return $"{(isAsync ? "async " : "")}{result} {MapFunction.Name}({item} {parameter}) " + (body is BlockSyntax ? body.ToString() : $"=> {body};");
    }

    private static string Name(Diagnostic error) => error.Location.SourceTree!.GetText().ToString(error.Location.SourceSpan);

    private static IEnumerable<Type> Parts(Type type) => type.HasElementType ? Parts(type.GetElementType()!) : type.GetGenericArguments().SelectMany(Parts).Prepend(type);
}
