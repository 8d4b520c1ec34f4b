namespace Beamline.Notebook;

/// <summary>One output that was displayed and can be replaced.</summary>
public interface IDisplayHandle
{
    /// <summary>The identifier that front ends know the output by.</summary>
    string Id { get; }

    /// <summary>Replaces the output everywhere it is shown.</summary>
    /// <param name="value">The new value; a <see cref="MimeBundle"/> is shown as it is.</param>
    void Update(object? value);
}
