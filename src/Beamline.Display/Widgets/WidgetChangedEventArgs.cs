namespace Beamline.Display.Widgets;

/// <summary>How the value of a widget has changed.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="before">The value before.</param>
/// <param name="now">The value now.</param>
public sealed class WidgetChangedEventArgs<T>(T before, T now) : EventArgs
{
    /// <summary>The value before.</summary>
    public T Before { get; } = before;

    /// <summary>The value now.</summary>
    public T Now { get; } = now;
}
