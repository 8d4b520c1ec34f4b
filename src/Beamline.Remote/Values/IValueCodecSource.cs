using Beamline.Notebook;

namespace Beamline.Remote;

/// <summary>The codecs that a notebook's extensions brought. The host gives it through <see cref="INotebookHost.Service{T}"/>.</summary>
internal interface IValueCodecSource
{
    /// <summary>Those that are there now, the newest first.</summary>
    IReadOnlyList<IValueCodec> Codecs { get; }

    /// <summary>All codecs of a notebook; those of Beamline alone where there is none.</summary>
    /// <param name="host">The notebook.</param>
    static ValueCodecs Of(INotebookHost? host) => new(host?.Service<IValueCodecSource>()?.Codecs);
}
