using System.Globalization;

namespace Beamline.Notebook;

/// <summary>The arguments of one magic command, checked against its descriptor.</summary>
public sealed class MagicArguments
{
    private readonly Dictionary<string, string> _values;
    private readonly MagicDescriptor _descriptor;

    internal MagicArguments(MagicDescriptor descriptor, Dictionary<string, string> values, string line) =>
        (_descriptor, _values, Line) = (descriptor, values, line);

    /// <summary>The line as it was written.</summary>
    public string Line { get; }

    /// <summary>True when --help was given.</summary>
    public bool WantsHelp { get; internal init; }

    /// <summary>True when --show-code was given.</summary>
    public bool WantsCode { get; internal init; }

    /// <summary>Whether a parameter was given.</summary>
    /// <param name="name">Its name.</param>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The text of a parameter, its default, or null.</summary>
    /// <param name="name">Its name.</param>
    public string? Text(string name) =>
        _values.TryGetValue(name, out var value) ? value
        : _descriptor.Parameters.FirstOrDefault(p => p.Name == name) is not { } parameter ? null
        : _descriptor.Parameters.FirstOrDefault(p => p.IsPositional) is { } first && _values.TryGetValue(first.Name, out var action)
            && parameter.DefaultOfAction.TryGetValue(action, out var own) ? own
        : parameter.Default;

    /// <summary>The text of a parameter that is required or has a default.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="MagicException">It was not given and has no default.</exception>
    public string Required(string name) =>
        Text(name) ?? throw new MagicException($"#!{_descriptor.Name} needs --{name}.");

    /// <summary>The number of a parameter, or null.</summary>
    /// <param name="name">Its name.</param>
    public double? Number(string name) =>
        Text(name) is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    /// <summary>The whole number of a parameter, or null.</summary>
    /// <param name="name">Its name.</param>
    public int? Integer(string name) =>
        Text(name) is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : null;

    /// <summary>Whether a flag was given.</summary>
    /// <param name="name">Its name.</param>
    public bool Flag(string name) => _values.ContainsKey(name);

    /// <summary>The name of the variable that a parameter points to, without @; null when not given.</summary>
    /// <param name="name">The parameter's name.</param>
    public string? Variable(string name) => Text(name)?.TrimStart('@');
}
