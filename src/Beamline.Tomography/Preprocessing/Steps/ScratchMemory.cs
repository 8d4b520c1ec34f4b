using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Tomography.Preprocessing;

/// <summary>Memory for an intermediate stack that does not fit: a file in the scratch folder without a name of the user's.</summary>
internal static class ScratchMemory
{
    internal static ArrayMemory<float> Create(long length, RunContext context)
    {
        var path = Path.Combine(context.ScratchFolder, $"beamline-stack-{Guid.NewGuid():N}.raw");
        try
        {
            var memory = ArrayMemory.CreateMapped<float>(path, length, deleteOnDispose: true);
            if (!OperatingSystem.IsWindows())
            {
                // The blocks then go with the mapping, however the process ends.
                File.Delete(path);
            }

            return memory;
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The projections do not fit in memory, and the scratch folder {context.ScratchFolder} cannot hold them either: " +
                $"{e.Message} Point TMPDIR to a disk with more room, or raise --memory-limit.", e);
        }
    }
}
