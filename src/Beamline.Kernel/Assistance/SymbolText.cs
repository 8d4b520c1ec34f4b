using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary>Symbols as front ends show them.</summary>
internal static class SymbolText
{
    private const SymbolDisplayMiscellaneousOptions Names =
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes |
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers |
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier |
        SymbolDisplayMiscellaneousOptions.CollapseTupleTypes;

    private const SymbolDisplayParameterOptions Parameters =
        SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName |
        SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeDefaultValue |
        SymbolDisplayParameterOptions.IncludeExtensionThis;

    /// <summary>As a declaration, with its type in front of it and its container before its name.</summary>
    public static SymbolDisplayFormat Declaration { get; } = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters |
            SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType |
            SymbolDisplayMemberOptions.IncludeContainingType | SymbolDisplayMemberOptions.IncludeRef |
            SymbolDisplayMemberOptions.IncludeConstantValue,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.InstanceMethod,
        parameterOptions: Parameters,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        localOptions: SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        miscellaneousOptions: Names);

    /// <summary>One parameter.</summary>
    public static SymbolDisplayFormat Parameter { get; } = Declaration;

    /// <summary>A type's name.</summary>
    public static SymbolDisplayFormat TypeName { get; } = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: Names);

    public static string Of(ISymbol symbol) => symbol switch
    {
        INamespaceSymbol space => $"namespace {space.ToDisplayString()}",
        // Types say where they live: their short name says nothing that was not typed.
        INamedTypeSymbol { ContainingNamespace.IsGlobalNamespace: false, ContainingType: null } type =>
            $"{type.ToDisplayString(Declaration)}\nin namespace {type.ContainingNamespace.ToDisplayString()}",
        // Variables and functions of cells are members of a class that nobody wrote.
        { ContainingType.IsScriptClass: true } => symbol.ToDisplayString(
            Declaration.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)),
        _ => symbol.ToDisplayString(Declaration),
    };

    /// <summary>What stands beside a name in a list: parameters and type.</summary>
    public static string Signature(IReadOnlyList<ISymbol> overloads) => overloads[0] switch
    {
        IMethodSymbol method => ParameterList(method) + " : " + method.ReturnType.ToDisplayString(TypeName) +
            (overloads.Count > 1 ? $" (+ {overloads.Count - 1} overloads)" : ""),
        IPropertySymbol property => property.Type.ToDisplayString(TypeName),
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } member => $"{member.ContainingType.Name} = {member.ConstantValue}",
        IFieldSymbol field => field.Type.ToDisplayString(TypeName),
        IEventSymbol @event => @event.Type.ToDisplayString(TypeName),
        ILocalSymbol local => local.Type.ToDisplayString(TypeName),
        IParameterSymbol parameter => parameter.Type.ToDisplayString(TypeName),
        IRangeVariableSymbol => "range variable",
        INamedTypeSymbol { ContainingNamespace: { IsGlobalNamespace: false } space } => space.ToDisplayString(),
        _ => "",
    };

    /// <summary>The kinds that front ends know icons for.</summary>
    public static string Kind(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        IPropertySymbol or IEventSymbol => "property",
        INamespaceSymbol => "module",
        INamedTypeSymbol { TypeKind: TypeKind.Interface } => "interface",
        INamedTypeSymbol { TypeKind: TypeKind.Enum } => "enum",
        ITypeSymbol => "class",
        IParameterSymbol => "param",
        _ => "instance",
    };

    /// <summary>A name as it must be typed: with @ when it is a keyword.</summary>
    public static string Escaped(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    private static string ParameterList(IMethodSymbol method) =>
        (method.TypeParameters.Length > 0 && method.TypeArguments.All(t => t is ITypeParameterSymbol)
            ? $"<{string.Join(", ", method.TypeParameters.Select(p => p.Name))}>" : "") +
        $"({string.Join(", ", method.Parameters.Select(p => p.ToDisplayString(Parameter)))})";
}
