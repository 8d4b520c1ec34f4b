using Beamline.Arrays;
using Beamline.Data;
using Beamline.Data.Simulation;
using Beamline.Learning;

namespace Beamline.Extension.Tests;

/// <summary>A little simulated scan in a folder of its own, and one variable of each kind.</summary>
public sealed class SmallScan : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("beamline-extension-").FullName;

    public SmallScan()
    {
        ScanSimulator.Write(
            Phantom.SheppLogan(32).Scaled(0.02),
            new AcquisitionOptions { AngleCount = 24, Rows = 4, Columns = 32, FlatCount = 2, DarkCount = 2, PixelSize = Length.FromMicrometers(2), Seed = 5 },
            PathOf("small.h5"));
        Scan = TomographyScan.Open(PathOf("small.h5"));
        SafetensorsFile.Write(PathOf("none.safetensors"), new Dictionary<string, NamedTensor>());
        Model = Denoiser.Import(PathOf("none.safetensors"), DenoiserNetwork.UNetSmall, 1);
    }

    public TomographyScan Scan { get; }

    public string Folder => _folder;

    internal FakeContext Context => new(
        ("scan", Scan), ("projections", Scan.Frames), ("axis", new RotationAxis(15.5)), ("volume", new Volume(3, 6, 8)),
        ("image", new Image(6, 8)), ("wave", new ComplexImage(6, 8)), ("sinogram", Scan.Frames.Sinogram(0)), ("number", 3), ("path", "some.h5"),
        ("low", Views(9)), ("normal", Views(3)), ("second", Views(9)), ("views", new[] { 1, 4, 7 }), ("model", Model),
        ("window", new Func<double, double>(w => 1 - (w * w))));

    /// <summary>A denoiser of no use, which can be named.</summary>
    private Denoiser Model { get; }

    public string PathOf(string name) => Path.Combine(_folder, name);

    private static MemoryProjectionStack Views(int count) => new([.. Enumerable.Range(0, count).Select(i => 20.0 * i)], 16, 16) { Quantity = Quantity.LineIntegral };

    public void Dispose()
    {
        Scan.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
