using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Beamline.Kernel;

/// <summary>A variable of an earlier cell that is used by a cell, or by a function that it reaches.</summary>
internal sealed class ReachedVariable(ISymbol symbol)
{
    private readonly List<(NameAccess Access, SyntaxNode Node)> _byCell = [];

    public ISymbol Symbol => symbol;

    public ITypeSymbol Type => (symbol as IFieldSymbol)?.Type ?? ((IPropertySymbol)symbol).Type;

    /// <summary>All that is done with it.</summary>
    public NameAccess Access { get; private set; }

    /// <summary>True when code of an earlier cell uses it, so that it must stand before that code.</summary>
    public bool ByPrelude { get; private set; }

    /// <summary>Line of its first use in the cell, from 1; 0 when only functions use it.</summary>
    public int Line => _byCell.Count > 0 ? _byCell[0].Node.GetLocation().GetLineSpan().StartLinePosition.Line + 1 : 0;

    /// <summary>True when a value that it had before can be seen.</summary>
    public bool IsRead => Access != NameAccess.None && !IsSetFirst();

    /// <summary>True when the cell assigns it or changes it in place.</summary>
    public bool IsWritten => (Access & NameAccess.Write) != 0;

    /// <summary>True when the cell lets it stand for another value; false when only an object that it stands for is changed.</summary>
    public bool IsAssigned => _byCell.Exists(u => u.Access == NameAccess.Write ||
        ((u.Access & NameAccess.Write) != 0 && (Type.IsValueType || Type.SpecialType == SpecialType.System_String)));

    public void Add(NameAccess access, SyntaxNode node, bool isCell)
    {
        Access |= access;
        ByPrelude |= !isCell;
        if (isCell)
        {
            _byCell.Add((access, node));
        }
    }

    // 'x = ...;' at the top of the cell before all other uses: what x was before does not matter.
    private bool IsSetFirst()
    {
        if (ByPrelude || _byCell.Any(u => u.Node.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not (GlobalStatementSyntax or FieldDeclarationSyntax)))
        {
            return false;
        }

        var uses = _byCell.Where(u => u.Access != NameAccess.None).OrderBy(u => u.Node.SpanStart).ToList();
        return uses.Count > 0 && uses[0] is { Access: NameAccess.Write, Node: var first } &&
            first.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax { Parent: GlobalStatementSyntax, Expression: AssignmentExpressionSyntax set } statement &&
            set.Left.Contains(first) && uses.Skip(1).All(u => !statement.Contains(u.Node));
    }
}
