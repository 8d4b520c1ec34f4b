using System.Globalization;
using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Extension.Commands;

/// <summary>Parameters that several commands share, and how options are written in C#.</summary>
internal static class Parameters
{
    internal static MagicParameter Input(string name, string summary) =>
        new(name, MagicValueKind.Variable, summary) { IsPositional = true, IsRequired = true };

    internal static MagicParameter Result(string name) =>
        new("as", MagicValueKind.NewVariable, "Name of the variable that is made.") { Default = name };

    /// <summary>A C# object initializer, or nothing when no option was given.</summary>
    internal static string Options(string type, IEnumerable<(string Property, string? Value)> given)
    {
        var set = given.Where(g => g.Value is not null).Select(g => $"{g.Property} = {g.Value}").ToArray();
        return set.Length == 0 ? "" : $"new {type} {{ {string.Join(", ", set)} }}";
    }

    /// <summary>A number as a C# literal.</summary>
    internal static string? Literal(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The member of an enumeration that a name in kebab case stands for: <c>ram-lak</c> is <c>FbpFilter.RamLak</c>.</summary>
    internal static string? Member<TEnum>(string? kebab)
        where TEnum : struct, Enum =>
        kebab is null ? null : $"{typeof(TEnum).Name}.{Enum.GetNames<TEnum>().First(n => Kebab(n) == kebab)}";

    /// <summary>All names of an enumeration in kebab case.</summary>
    internal static string[] Names<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetNames<TEnum>().Select(Kebab)];

    internal static string Kebab(string name) => string.Concat(
        name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>Refuses a variable of another kind before C# does, in the words of the field.</summary>
    internal static string Of<T>(NotebookVariable variable, string command)
    {
        if (!typeof(T).IsAssignableFrom(variable.Type) && variable.Value is not T)
        {
            throw new MagicException(
                $"#!{command} needs a {typeof(T).Name}, but {variable.Name} is a {variable.Type.Name}.");
        }

        return variable.Name;
    }

    /// <summary>The C# of a rotation axis that was given as a column or as a variable; null when it was not.</summary>
    internal static string? Axis(MagicArguments arguments, Func<NotebookVariable> variable, string command) =>
        arguments.Text("axis") is not { } text ? null
        : double.TryParse(text, CultureInfo.InvariantCulture, out var column) ? $"new RotationAxis({Literal(column)})"
        : Of<RotationAxis>(variable(), command);

    /// <summary>A whole number from 0 that lies below a count, or null when it was not given.</summary>
    internal static int? Index(MagicArguments arguments, string option, int count, string command) =>
        arguments.Integer(option) is not { } index ? null
        : index >= 0 && index < count ? index
        : throw new MagicException($"#!{command}: --{option} is {index}, but goes from 0 to {count - 1} here.");

    /// <summary>Refuses options that mean nothing for a value, instead of passing over them.</summary>
    internal static void Without(MagicArguments arguments, NotebookVariable variable, string command, params string[] options)
    {
        foreach (var option in options.Where(arguments.Has))
        {
            throw new MagicException($"#!{command}: --{option} means nothing for {variable.Name}, a {variable.Type.Name}.");
        }
    }

    /// <summary>The C# of a device; null when none was named.</summary>
    /// <exception cref="MagicException">There is no such kind of device.</exception>
    internal static string? Device(MagicArguments arguments, string command)
    {
        if (arguments.Text("device") is not { } text)
        {
            return null;
        }

        try
        {
            _ = Compute.Device.Parse(text);
        }
        catch (FormatException e)
        {
            throw new MagicException($"#!{command}: --device: {e.Message}", e);
        }

        return $"Device.Parse(\"{text}\")";
    }
}
