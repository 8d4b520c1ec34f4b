using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Codecs of extensions, also of those that are loaded while the notebook runs.</summary>
internal sealed class SentCodecs(NotebookKernel kernel) : IValueCodecSource
{
    public IReadOnlyList<IValueCodec> Codecs => kernel.Extensions.Services<IValueCodec>();
}
