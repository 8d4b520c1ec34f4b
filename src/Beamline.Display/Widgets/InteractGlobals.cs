using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>Turns functions into small applications. Its members are known in every cell.</summary>
public static class InteractGlobals
{
    /// <summary>Shows controls for the parameters of a function, and below them what it returns and prints, again for each change.</summary>
    /// <remarks>
    /// <code>Interact((int slice, double level, bool invert) => View(slice, level, invert), new { slice = 0..63, level = (0.0, 1.0) });</code>
    /// A parameter becomes: a slider (numbers), a box to check (bool), a field (string), a list (enumerations). Ranges can be a C# range (both ends included, as a
    /// slider has them), (min, max), (min, max, step), a list to choose from, or a widget of your own. Without one a number x has the slider 0 to 2 x, or 0 to 10 when it has no default.
    /// </remarks>
    /// <param name="function">The function; a lambda with named parameters. Default values of parameters are where the controls start.</param>
    /// <param name="ranges">An anonymous object with a member for each parameter that is to have a certain range.</param>
    /// <returns>The widgets. They are shown already.</returns>
    /// <exception cref="ArgumentException">A parameter has a type without a control, or a range that does not fit it.</exception>
    /// <exception cref="InvalidOperationException">The code runs outside a notebook.</exception>
    public static Interaction Interact(Delegate function, object? ranges = null)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Interaction(function, ranges);
    }
}
