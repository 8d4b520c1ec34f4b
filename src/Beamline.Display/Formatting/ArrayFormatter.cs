using Beamline.Notebook;

namespace Beamline.Display;

/// <summary>Shows images, sinograms, projection stacks, volumes and pictures drawn from them.</summary>
public sealed class ArrayFormatter : IMimeFormatter
{
    /// <inheritdoc/>
    public bool CanFormat(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Pictures.CanDraw(type);
    }

    /// <inheritdoc/>
    public MimeBundle Format(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Pictures.Draw(value, ViewOptions.Default).ToBundle();
    }
}
