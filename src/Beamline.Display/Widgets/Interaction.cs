using System.Reflection;
using System.Runtime.ExceptionServices;
using Beamline.Notebook;

namespace Beamline.Display.Widgets;

/// <summary>A function with controls for its parameters, and what it returned last.</summary>
public sealed class Interaction
{
    private readonly Delegate _function;
    private readonly Output _output = new();

    internal Interaction(Delegate function, object? ranges)
    {
        var host = NotebookHost.Current ?? throw new InvalidOperationException(
            "No notebook runs this code: Interact works in cells.");
        _function = function;
        var given = ParameterControl.RangesOf(ranges, function.Method);
        Controls = [.. function.Method.GetParameters().Select(p => ParameterControl.For(p, given.GetValueOrDefault(p.Name!)))];
        Box = new VBox([.. Controls.Select(c => c.Widget), _output]);
        foreach (var control in Controls)
        {
            control.Listen(Run);
        }

        Run();
        host.Show(Box);
    }

    /// <summary>The controls and the output in one box.</summary>
    public VBox Box { get; }

    /// <summary>What the function returned last; null when it threw.</summary>
    public object? Result { get; private set; }

    /// <summary>The control of a parameter.</summary>
    /// <param name="parameter">Its name.</param>
    /// <exception cref="ArgumentException">There is no parameter of that name.</exception>
    public DisplayWidget this[string parameter] => Controls.FirstOrDefault(c => c.Name == parameter)?.Widget
        ?? throw new ArgumentException($"The function has no parameter '{parameter}'; it has {string.Join(", ", Controls.Select(c => c.Name))}.", nameof(parameter));

    internal IReadOnlyList<ParameterControl> Controls { get; }

    /// <summary>Calls the function with the values of the controls.</summary>
    public void Run() => _output.Capture(() =>
    {
        Result = null;
        try
        {
            Result = _function.DynamicInvoke([.. Controls.Select(c => c.Value())]);
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
        }

        if (Result is not null)
        {
            NotebookHost.Current!.Show(Result);
        }
    });
}
