namespace Beamline.Arrays.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class ScratchFolder : IDisposable
{
    internal ScratchFolder() => Directory.CreateDirectory(Path);

    internal string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"beamline-arrays-{Guid.NewGuid():N}");

    internal string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
