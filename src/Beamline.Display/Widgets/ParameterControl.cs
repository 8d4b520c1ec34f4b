using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Beamline.Display.Widgets;

/// <summary>The control for a parameter of a function.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Widget">The control.</param>
/// <param name="Value">What it stands at, as the function takes it.</param>
/// <param name="Listen">Calls something after each change.</param>
internal sealed record ParameterControl(string Name, ControlWidget Widget, Func<object?> Value, Action<Action> Listen)
{
    /// <summary>The members of an anonymous object, which must all be parameters.</summary>
    public static Dictionary<string, object?> RangesOf(object? ranges, MethodInfo function)
    {
        var given = new Dictionary<string, object?>(StringComparer.Ordinal);
        var known = function.GetParameters().Select(p => p.Name!).ToArray();
        foreach (var member in ranges?.GetType().GetProperties() ?? [])
        {
            given[member.Name] = known.Contains(member.Name)
                ? member.GetValue(ranges)
                : throw new ArgumentException($"A range is given for '{member.Name}', but the function has the parameters {string.Join(", ", known)}.", nameof(ranges));
        }

        return given;
    }

    public static ParameterControl For(ParameterInfo parameter, object? range)
    {
        var start = parameter.HasDefaultValue ? parameter.DefaultValue : null;
        var control = range switch
        {
            ControlWidget own => Own(parameter, own),
            string[] or IEnumerable and not string => Choice(parameter, (IEnumerable)range, start),
            _ when parameter.ParameterType == typeof(bool) && range is null => Of(parameter, new Checkbox(start is true)),
            _ when parameter.ParameterType == typeof(string) && range is null => Of(parameter, new Text(start as string ?? "") { ContinuousUpdate = false }),
            _ when parameter.ParameterType.IsEnum && range is null => Choice(parameter, Enum.GetValues(parameter.ParameterType), start),
            _ => Number(parameter, range, start),
        };
        if (control.Widget.Description.Length == 0)
        {
            control.Widget.Description = parameter.Name!;
        }

        return control;
    }

    private static ParameterControl Of<T>(ParameterInfo parameter, ValueWidget<T> widget) => new(
        parameter.Name!,
        widget,
        () => parameter.ParameterType.IsInstanceOfType(widget.Value) ? widget.Value : Convert.ChangeType(widget.Value, parameter.ParameterType, CultureInfo.InvariantCulture),
        changed => widget.OnChange(_ => changed()));

    // The type of the value is known at run time only.
    private static ParameterControl Own(ParameterInfo parameter, ControlWidget widget)
    {
        for (var type = widget.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueWidget<>))
            {
                return (ParameterControl)typeof(ParameterControl).GetMethod(nameof(Of), BindingFlags.NonPublic | BindingFlags.Static)!
                    .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [parameter, widget])!;
            }
        }

        throw new ArgumentException($"{widget.GetType().Name} has no value for the parameter '{parameter.Name}'.", nameof(widget));
    }

    private static ParameterControl Choice(ParameterInfo parameter, IEnumerable values, object? start)
    {
        object[] options = [.. values.Cast<object>()];
        if (options.Length == 0 || options.Any(o => !parameter.ParameterType.IsInstanceOfType(o)))
        {
            throw new ArgumentException(
                $"The list for '{parameter.Name}' must hold at least one value, and only values of the type {parameter.ParameterType.Name}.", nameof(values));
        }

        var widget = Dropdown.Of(options);
        if (start is not null && options.Contains(start))
        {
            widget.Value = start;
        }

        return Of(parameter, widget);
    }

    private static ParameterControl Number(ParameterInfo parameter, object? range, object? start)
    {
        var type = parameter.ParameterType;
        var isWhole = type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte);
        if (!isWhole && type != typeof(double) && type != typeof(float))
        {
            throw new ArgumentException($"The parameter '{parameter.Name}' of type {type.Name} has no control: give it a list of values, or a widget.", nameof(parameter));
        }

        var from = start is null ? (double?)null : Convert.ToDouble(start, CultureInfo.InvariantCulture);
        var (min, max, step) = Range(parameter.Name!, range, from);
        var value = from ?? (range is null ? (isWhole ? 0 : min) : isWhole ? Math.Floor((min + max) / 2) : (min + max) / 2);
        return isWhole
            ? Of(parameter, new IntSlider(Whole(value), Whole(min), Whole(max), Math.Max(1, Whole(step ?? 1))))
            : Of(parameter, new FloatSlider(value, min, max, step ?? ((max - min) / 100 is > 0 and var hundredth ? hundredth : 1)) { ReadoutFormat = ".4~g" });
    }

    private static (double Min, double Max, double? Step) Range(string name, object? range, double? start)
    {
        switch (range)
        {
            case null:
                return start is { } x and not 0 ? (Math.Min(0, 2 * x), Math.Max(0, 2 * x), null) : (0, 10, null);
            case Range whole when !whole.Start.IsFromEnd && !whole.End.IsFromEnd:
                return (whole.Start.Value, whole.End.Value, null);
            case ITuple { Length: 2 or 3 } tuple:
                var numbers = Enumerable.Range(0, tuple.Length).Select(i => Convert.ToDouble(tuple[i], CultureInfo.InvariantCulture)).ToArray();
                return (numbers[0], numbers[1], numbers.Length == 3 ? numbers[2] : null);
            default:
                throw new ArgumentException(
                    $"'{range}' is no range for '{name}': write 0..63, (min, max), (min, max, step), a list of values, or a widget.", nameof(range));
        }
    }

    private static int Whole(double number) => (int)Math.Round(Math.Clamp(number, int.MinValue, int.MaxValue));
}
