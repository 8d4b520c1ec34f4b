using System.Diagnostics.CodeAnalysis;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>Functions that every cell can call without a prefix.</summary>
[SuppressMessage("Naming", "CA1707", Justification = "display and clear_output are the names that notebook users know")]
[SuppressMessage("Naming", "CA1708", Justification = "C# users look for Display, notebook users for display")]
[SuppressMessage("Style", "IDE1006", Justification = "display and clear_output are the names that notebook users know")]
public static class CellGlobals
{
    /// <summary>The exception of the cell that failed last, with its full stack; null when none did.</summary>
    public static Exception? LastError => CellScope.Current?.Kernel.LastError;

    /// <summary>Stops when the cell is interrupted: pass it to what you wait for.</summary>
    public static CancellationToken CellCancellation => CellScope.Current?.CancellationToken ?? default;

    /// <summary>Shows a value in the cell's output.</summary>
    /// <param name="value">The value; a <see cref="MimeBundle"/> is shown as it is.</param>
    /// <returns>A handle to replace the output with.</returns>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static IDisplayHandle Display(object? value) => Cell().Display(value);

    /// <inheritdoc cref="Display"/>
    public static IDisplayHandle display(object? value) => Cell().Display(value);

    /// <summary>Removes what the cell has shown so far.</summary>
    /// <param name="wait">True to remove it only when the next output comes, which avoids flicker.</param>
    /// <exception cref="InvalidOperationException">No cell is running.</exception>
    public static void ClearOutput(bool wait = false) => Cell().Output.Emit(sink => sink.Clear(wait));

    /// <inheritdoc cref="ClearOutput"/>
    public static void clear_output(bool wait = false) => ClearOutput(wait);

    /// <summary>Asks the user for a line of text.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <param name="password">True to hide what is typed.</param>
    /// <exception cref="InvalidOperationException">Nobody can answer: no cell is running, or it runs without a front end.</exception>
    public static string? Input(string prompt = "", bool password = false) => Cell().ReadLine(prompt, password);

    /// <summary>Asks the user for a line of text that is hidden while it is typed.</summary>
    /// <param name="prompt">What to ask.</param>
    /// <exception cref="InvalidOperationException">Nobody can answer: no cell is running, or it runs without a front end.</exception>
    public static string? Password(string prompt = "Password:") => Cell().ReadLine(prompt, isPassword: true);

    private static CellRun Cell() => CellScope.Current ?? throw new InvalidOperationException(
        "No notebook cell is running here: display, ClearOutput and Input work in code that a cell started.");
}
