namespace Beamline.Arrays;

/// <summary>
/// Names the class that knows how to show a type in a notebook. The attribute is found by its simple name and
/// the names of its properties, so that a host needs no reference to this assembly (and this assembly none to a host).
/// </summary>
/// <remarks>
/// The formatter source is given as text because it lives in a project above this one; it is looked up only
/// when a host asks for it.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class TypeFormatterSourceAttribute : Attribute
{
    /// <summary>Names a formatter source.</summary>
    /// <param name="formatterSource">Assembly-qualified name of a class with <c>CreateTypeFormatters()</c>.</param>
    public TypeFormatterSourceAttribute(string formatterSource) => FormatterSource = formatterSource;

    /// <summary>Assembly-qualified name of the formatter source.</summary>
    public string FormatterSource { get; }

    /// <summary>The formatter source, or null when its assembly is not there.</summary>
    public Type? FormatterSourceType => Type.GetType(FormatterSource, throwOnError: false);

    /// <summary>MIME types in the order of preference.</summary>
    public string[] PreferredMimeTypes { get; set; } = ["text/html", "image/png", "text/plain"];
}
