namespace Beamline.Notebook;

/// <summary>Turns values of some types into MIME bundles. One formatter for one shown type.</summary>
public interface IMimeFormatter
{
    /// <summary>Whether this formatter shows values of a type.</summary>
    /// <param name="type">The run-time type of a value.</param>
    bool CanFormat(Type type);

    /// <summary>Shows a value.</summary>
    /// <param name="value">A value whose type <see cref="CanFormat"/> accepted.</param>
    MimeBundle Format(object value);
}
