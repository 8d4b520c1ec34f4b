namespace Beamline.Remote;

/// <summary>A cell as it travels, with the values that it needs. Made by the kernel, which knows the compiler.</summary>
internal sealed record CapturedCell
{
    public required string Label { get; init; }

    /// <summary>The C# that runs there; its lines are the lines of the cell.</summary>
    public required string Source { get; init; }

    public IReadOnlyList<JobPart> Prelude { get; init; } = [];

    public IReadOnlyList<string> Usings { get; init; } = [];

    public IReadOnlyList<JobPackage> Packages { get; init; } = [];

    public IReadOnlyList<CapturedInput> Inputs { get; init; } = [];

    /// <summary>Variables that come back: those that the cell declares, and earlier ones that it assigns or changes in place.</summary>
    public IReadOnlyList<CapturedOutput> Outputs { get; init; } = [];

    /// <summary>Variables of the cell that cannot come back, each with the reason; nothing when all can.</summary>
    public IReadOnlyList<string> NotComingBack { get; init; } = [];

    /// <summary>Declarations of types and functions in the cell, which the notebook gets as well, as C#; empty for none.</summary>
    public string Declarations { get; init; } = "";

    /// <summary>Null for a cell that runs once. <see cref="JobMap.Items"/> is one of <see cref="Inputs"/>.</summary>
    public JobMap? Map { get; init; }
}

/// <summary>A variable that the cell reads.</summary>
/// <param name="Name">Its name; shadowed ones get a number behind a dot, which no name in C# has.</param>
/// <param name="TypeName">Its type as C#, as a cell would write it.</param>
/// <param name="Type">Its declared type.</param>
/// <param name="Value">Its value now.</param>
internal sealed record CapturedInput(string Name, string TypeName, Type Type, object? Value);

/// <summary>A variable that comes back.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type as C#, as a cell would write it.</param>
/// <param name="IsNew">True when the cell declares it; false when it assigns or changes one that the notebook has.</param>
internal sealed record CapturedOutput(string Name, string TypeName, bool IsNew);

/// <summary>How a cell is to be taken.</summary>
/// <param name="Label">What errors call it.</param>
internal sealed record CaptureOptions(string Label)
{
    /// <summary>Number of lines of the whole cell before the code, so that errors name the right line.</summary>
    public int LinesBefore { get; init; }

    /// <summary>"angle in angles" as two words: the cell runs for each; null for once.</summary>
    public (string Item, string Items)? Map { get; init; }
}

/// <summary>Takes cells apart for a journey. The kernel gives it through <see cref="Beamline.Notebook.INotebookContext"/>.</summary>
internal interface ICellCapture
{
    /// <summary>Compiles a cell as the worker will, without running it, and gathers what it needs.</summary>
    /// <param name="code">The text of the cell without the line that sends it.</param>
    /// <param name="options">How.</param>
    /// <exception cref="Beamline.Notebook.MagicException">Something cannot travel: the message names it and says what to do.</exception>
    /// <remarks>Errors of the compiler are thrown as the kernel shows those of any cell.</remarks>
    CapturedCell Capture(string code, CaptureOptions options);

    /// <summary>Takes a function that a running cell wants to send for many items: its text, and the variables that it uses.</summary>
    /// <param name="lambdaSource">The text of the argument: a lambda, or the name of a function.</param>
    /// <param name="function">The same, made: it holds the variables of blocks and functions that the lambda uses.</param>
    /// <param name="item">Type of an item.</param>
    /// <param name="result">Type of a result, without the task of an asynchronous function.</param>
    /// <param name="label">What errors call it.</param>
    /// <returns>
    /// The cell with a map of no items: who calls sets <see cref="JobMap.Count"/>, and adds the items, an array, as an input that is called
    /// <see cref="JobMap.Items"/>.
    /// </returns>
    /// <exception cref="Beamline.Notebook.MagicException">Something cannot travel: the message names it and says what to do.</exception>
    CapturedCell CaptureFunction(string lambdaSource, Delegate function, Type item, Type result, string label);
}
