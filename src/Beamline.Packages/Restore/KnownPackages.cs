namespace Beamline.Packages;

/// <summary>Packages that people of the field look for, so that a slip of the pen finds its name without a network.</summary>
internal static class KnownPackages
{
    public static IReadOnlyList<string> Ids { get; } =
    [
        "BitMiracle.LibTiff.NET", "CsvHelper", "Emgu.CV", "FftSharp", "Google.Protobuf", "HDF.PInvoke", "ILGPU",
        "ILGPU.Algorithms", "libtorch-cpu-linux-x64", "MathNet.Numerics", "MathNet.Numerics.FSharp", "MessagePack",
        "Microsoft.Data.Analysis", "Microsoft.Data.Sqlite", "Microsoft.ML", "Microsoft.ML.OnnxRuntime", "NetMQ",
        "Newtonsoft.Json", "NumSharp", "OpenCvSharp4", "OxyPlot.Core", "Parquet.Net", "Plotly.NET", "Plotly.NET.CSharp",
        "Plotly.NET.ImageExport", "PureHDF", "ScottPlot", "SixLabors.ImageSharp", "SkiaSharp",
        "SkiaSharp.NativeAssets.Linux.NoDependencies", "TorchSharp", "TorchSharp-cpu", "XPlot.Plotly", "YamlDotNet",
    ];
}
