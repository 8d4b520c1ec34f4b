using System.Text.Json.Nodes;

namespace Beamline.Display.Widgets;

/// <summary>A control that has a value, which both the user and the code can change.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract class ValueWidget<T> : ControlWidget
{
    private T _value;

    private protected ValueWidget(WidgetModel model, T value)
        : base(model)
    {
        _value = value;
        Keep(ValueKey, ToJson(value));
    }

    /// <summary>Raised after the value has changed, by the user or by code; what a handler throws is shown below the cell.</summary>
    public event EventHandler<WidgetChangedEventArgs<T>>? ValueChanged;

    /// <summary>The value. Setting it moves the control and raises <see cref="ValueChanged"/>.</summary>
    /// <exception cref="ArgumentException">The control cannot have this value.</exception>
    public T Value
    {
        get => _value;
        set
        {
            var before = _value;
            var checkedValue = Checked(value);
            if (EqualityComparer<T>.Default.Equals(before, checkedValue))
            {
                return;
            }

            _value = checkedValue;
            Set(ValueKey, ToJson(checkedValue));
            Raise(before, checkedValue);
        }
    }

    private protected virtual string ValueKey => "value";

    /// <summary>Calls something with each new value.</summary>
    /// <param name="handler">What to call.</param>
    /// <returns>This widget, to go on with.</returns>
    public ValueWidget<T> OnChange(Action<T> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ValueChanged += (_, change) => handler(change.Now);
        return this;
    }

    private protected abstract JsonNode? ToJson(T value);

    /// <exception cref="FormatException">The front end sent something else.</exception>
    private protected abstract T FromJson(JsonNode? value);

    /// <summary>The value as the control can have it; for instance moved into its range.</summary>
    private protected virtual T Checked(T value) => value;

    private protected override string StaticValue() => _value switch
    {
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        null => "nothing",
        var other => other.ToString() ?? "",
    };

    private protected override Action? Accept(string key, JsonNode? value)
    {
        if (key != ValueKey)
        {
            return base.Accept(key, value);
        }

        var before = _value;
        T now;
        try
        {
            now = Checked(FromJson(value));
        }
        catch (ArgumentException problem)
        {
            throw new FormatException(problem.Message, problem);
        }

        _value = now;
        Keep(ValueKey, ToJson(now));
        return EqualityComparer<T>.Default.Equals(before, now) ? () => { } : () => Raise(before, now);
    }

    /// <summary>The range of a control has changed: moves its value into it.</summary>
    private protected void Recheck() => Value = Checked(_value);

    private protected static double Number(JsonNode? value) =>
        value is JsonValue json && json.TryGetValue<double>(out var number) && double.IsFinite(number)
            ? number
            : throw new FormatException($"'{WidgetText.Short(value)}' is not a number");

    private protected static int Whole(JsonNode? value)
    {
        var number = Number(value);
        return number is >= int.MinValue and <= int.MaxValue && number == Math.Round(number)
            ? (int)number
            : throw new FormatException($"{number} is not a whole number of 32 bits");
    }

    private protected static string Words(JsonNode? value) =>
        value is JsonValue json && json.TryGetValue<string>(out var text)
            ? text
            : throw new FormatException($"'{WidgetText.Short(value)}' is not a text");

    private void Raise(T before, T now)
    {
        foreach (var handler in ValueChanged?.GetInvocationList() ?? [])
        {
            Guard(() => ((EventHandler<WidgetChangedEventArgs<T>>)handler)(this, new WidgetChangedEventArgs<T>(before, now)));
        }
    }
}
