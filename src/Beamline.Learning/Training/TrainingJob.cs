using System.Text.Json;
using System.Text.Json.Serialization;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>Everything that a training needs, as a file: the process that trains reads nothing else.</summary>
internal sealed record TrainingJob
{
    /// <summary>How files and options are written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>How to train.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Number of pairs of images.</summary>
    public required int PairCount { get; init; }

    /// <summary>Rows of an image.</summary>
    public required int RowCount { get; init; }

    /// <summary>Columns of an image.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>Value that is 1 inside the network.</summary>
    public required double Scale { get; init; }

    /// <summary>SHA-256 of the training data.</summary>
    public required string DataHash { get; init; }

    /// <summary>What the network's images go through before they are held against the targets; null for nothing.</summary>
    public WindowKernel? Through { get; init; }

    /// <summary>What a preview shows, for instance "view 90".</summary>
    public string PreviewTitle { get; init; } = "";

    /// <summary>Rows of a preview: the middle of a view, a multiple of what the network needs. Zero for no previews.</summary>
    public int PreviewRows { get; init; }

    /// <summary>Columns of a preview.</summary>
    public int PreviewColumns { get; init; }

    /// <summary>Values of a noisy image with its neighbors.</summary>
    [JsonIgnore]
    public long InputLength => (long)Options.Network.InputChannels * RowCount * ColumnCount;

    /// <summary>Values of a target.</summary>
    [JsonIgnore]
    public long TargetLength => (long)RowCount * ColumnCount;

    public static string FileIn(string folder) => Path.Combine(folder, "job.json");

    public static string InputsIn(string folder) => Path.Combine(folder, "inputs.f32");

    public static string TargetsIn(string folder) => Path.Combine(folder, "targets.f32");

    public static string CheckpointIn(string folder) => Path.Combine(folder, "checkpoint.safetensors");

    public static TrainingJob Load(string folder) =>
        JsonSerializer.Deserialize<TrainingJob>(File.ReadAllText(FileIn(folder)), Json) ?? throw new InvalidDataException($"{FileIn(folder)} is empty.");

    public void Save(string folder) => AtomicFile.WriteText(FileIn(folder), JsonSerializer.Serialize(this, Json));
}
