namespace Beamline.Notebook;

/// <summary>What kind of value a parameter of a magic command takes.</summary>
public enum MagicValueKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>No value: given or not.</summary>
    Flag,

    /// <summary>The path of a file or folder.</summary>
    Path,

    /// <summary>The name of a variable of the session; <c>@name</c> and <c>name</c> both work.</summary>
    Variable,

    /// <summary>The name that a new variable gets.</summary>
    NewVariable,

    /// <summary>
    /// Any value, for the command to read: JSON, plain text, or an expression such as <c>@name</c>. Quoted text arrives as a
    /// JSON string, so that it can be told from an expression.
    /// </summary>
    Value,

    /// <summary>Three words as in a loop, <c>angle in angles</c>: a new name, and a variable that is read. Quotes may be left out.</summary>
    Loop,
}

/// <summary>One parameter of a magic command.</summary>
/// <param name="Name">Its name in kebab case without the dashes, for instance "pixel-size-micrometers".</param>
/// <param name="Kind">What kind of value it takes.</param>
/// <param name="Summary">One line for --help, with unit and range.</param>
public sealed record MagicParameter(string Name, MagicValueKind Kind, string Summary)
{
    /// <summary>True for a value given by its place instead of by --name.</summary>
    public bool IsPositional { get; init; }

    /// <summary>True when the command cannot run without it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What holds when it is not given, as it would be typed; null for none.</summary>
    public string? Default { get; init; }

    /// <summary>
    /// What holds when it is not given, for each value of the first positional parameter: for commands of several actions. Goes before <see cref="Default"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> DefaultOfAction { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// True when the command itself understands <c>@name</c>; otherwise the host puts the variable's value in its place.
    /// </summary>
    public bool KeepsReference { get; init; }

    /// <summary>The values that are allowed; empty when any is.</summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];

    /// <summary>Gives values to offer while somebody types, where others are allowed as well; null for none.</summary>
    public Func<IReadOnlyList<string>>? Offers { get; init; }
}

/// <summary>Name, summary and parameters of a magic command.</summary>
/// <param name="Name">The name without #!, for instance "recon".</param>
/// <param name="Summary">One line for #!lsmagic.</param>
/// <param name="Parameters">Its parameters, positional ones first and in order.</param>
public sealed record MagicDescriptor(string Name, string Summary, IReadOnlyList<MagicParameter> Parameters)
{
    /// <summary>What the C# behind the command can and the command cannot, by the names of C#: the help lists it.</summary>
    public IReadOnlyList<string> OnlyInCode { get; init; } = [];

    /// <summary>True for a command that takes the lines below it with <see cref="INotebookContext.TakeRest"/>, so that they do not run here.</summary>
    public bool TakesRest { get; init; }
}

/// <summary>One command of a cell, written as <c>#!name value --option value</c>.</summary>
public interface IMagicCommand
{
    /// <summary>Name, summary and parameters.</summary>
    MagicDescriptor Descriptor { get; }

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">The checked arguments.</param>
    /// <param name="context">The notebook.</param>
    /// <exception cref="MagicException">The arguments make no sense together.</exception>
    Task InvokeAsync(MagicArguments arguments, INotebookContext context);
}
