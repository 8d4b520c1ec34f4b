namespace Beamline.Packages;

/// <summary>What a line such as <c>#r "..."</c> asks for.</summary>
internal enum DirectiveKind
{
    /// <summary><c>#r "nuget: Id, version"</c>.</summary>
    Package,

    /// <summary><c>#i "nuget: SOURCE"</c>.</summary>
    Source,

    /// <summary><c>#r "path.dll"</c> or <c>#r "Assembly.Name"</c>.</summary>
    Assembly,

    /// <summary><c>#r "project: path.csproj"</c>.</summary>
    Project,

    /// <summary><c>#load "file.csx"</c>.</summary>
    Load,
}

/// <summary>One line that asks for something from outside the notebook.</summary>
/// <param name="Kind">What it asks for.</param>
/// <param name="Value">What stands in the quotes, without the prefix.</param>
/// <param name="Text">The line as it was written.</param>
/// <param name="Line">Its number in the cell or file, from 1.</param>
/// <param name="File">The loaded file that it stands in; null for the cell.</param>
internal sealed record ReferenceDirective(DirectiveKind Kind, string Value, string Text, int Line, string? File = null);
