using System.Globalization;
using System.Text.Json;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>
/// A trained network that removes noise from projections, images or slices and keeps their values: it works on values over one fixed
/// number (<see cref="Scale"/>), with the noisy image added to what the network gives, and rescales nothing else.
/// </summary>
[TypeFormatterSource("Beamline.Extension.Formatting.DenoiserFormatterSource, Beamline.Extension", PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed partial class Denoiser
{
    private const string Kind = "beamline denoiser 1";
    private readonly IReadOnlyDictionary<string, NamedTensor> _weights;

    internal Denoiser(
        DenoiserNetwork network, double scale, IReadOnlyDictionary<string, NamedTensor> weights, TrainingReport? report, IReadOnlyDictionary<string, string> facts)
    {
        (Network, Scale, _weights, Report, Facts) = (network, scale, weights, report, facts);
    }

    /// <summary>Its weights by name; empty for a TorchScript module.</summary>
    internal IReadOnlyDictionary<string, NamedTensor> NamedWeights => _weights;

    /// <summary>The network.</summary>
    public DenoiserNetwork Network { get; }

    /// <summary>Value that is 1 inside the network, in units of the data.</summary>
    public double Scale { get; }

    /// <summary>How it was trained; null when that is not known.</summary>
    public TrainingReport? Report { get; }

    /// <summary>What is known about how it came about: data and their hash, recipe, seed.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; }

    /// <summary>Reads a denoiser that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such file, of another version, or cut off.</exception>
    public static Denoiser Load(string path)
    {
        var (tensors, texts) = SafetensorsFile.Read(path);
        if (!texts.TryGetValue("kind", out var kind) || !texts.TryGetValue("network", out var network) || !texts.TryGetValue("scale", out var scale))
        {
            throw new InvalidDataException($"{path} holds weights but not of which network. Give it: Denoiser.Import(path, network, scale).");
        }

        if (kind != Kind)
        {
            throw new InvalidDataException($"{path} is a '{kind}'; this version of Beamline reads '{Kind}'.");
        }

        try
        {
            var made = JsonSerializer.Deserialize<DenoiserNetwork>(network, TrainingJob.Json) ?? throw new InvalidDataException($"{path} names no network.");
            made.Validate();
            var facts = JsonSerializer.Deserialize<Dictionary<string, string>>(texts.GetValueOrDefault("facts", "{}"), TrainingJob.Json) ?? [];
            var report = JsonSerializer.Deserialize<TrainingReport?>(texts.GetValueOrDefault("report", "null"), TrainingJob.Json);
            return new Denoiser(made, double.Parse(scale, CultureInfo.InvariantCulture), tensors, report, facts);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Takes weights from a safetensors file of another program.</summary>
    /// <param name="path">The file.</param>
    /// <param name="network">The network that they belong to; their names and shapes must fit it.</param>
    /// <param name="scale">Value that is 1 inside the network, in units of the data.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static Denoiser Import(string path, DenoiserNetwork network, double scale)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        network.Validate();
        return new Denoiser(network, scale, SafetensorsFile.Read(path).Tensors, null, new Dictionary<string, string> { ["imported from"] = Path.GetFileName(path) });
    }

    /// <summary>Writes it as one safetensors file, which PyTorch reads too; how it came about is in the file's metadata.</summary>
    /// <param name="path">The file, for instance denoiser.safetensors.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="InvalidOperationException">It is a TorchScript module, whose weights are not known by name.</exception>
    public void Save(string path)
    {
        if (Script is not null)
        {
            throw new InvalidOperationException($"{Network.Name} is a TorchScript module of another program: keep its own file, and import that again.");
        }

        SafetensorsFile.Write(path, _weights, new Dictionary<string, string>
        {
            ["kind"] = Kind,
            ["network"] = JsonSerializer.Serialize(Network, TrainingJob.Json),
            ["scale"] = Scale.ToString("R", CultureInfo.InvariantCulture),
            ["facts"] = JsonSerializer.Serialize(Facts, TrainingJob.Json),
            ["report"] = JsonSerializer.Serialize(Report, TrainingJob.Json),
        });
    }

    /// <summary>Removes the noise of one image.</summary>
    /// <param name="image">The image, in the units that the network was trained on.</param>
    /// <exception cref="ArgumentException">The network wants neighbors of the image, or a value is not finite.</exception>
    public Image Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        SplitCheck.AppliedToSlices(this, image.Quantity);
        if (Network.InputChannels != 1)
        {
            throw new ArgumentException($"This network denoises an image with its {Network.InputChannels - 1} neighbors: apply it to the stack.", nameof(image));
        }

        var made = new Image(image.RowCount, image.ColumnCount) { Quantity = image.Quantity, PixelSizeX = image.PixelSizeX, PixelSizeY = image.PixelSizeY, Title = image.Title };
        using var inference = new NetworkInference(this);
        inference.Apply(image.Values.ToArray(), made.Values, image.RowCount, image.ColumnCount);
        return made;
    }

    /// <summary>Removes the noise of every projection; what does not fit in memory goes to a scratch file.</summary>
    /// <param name="stack">The projections, in the units that the network was trained on; read one by one.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public ProjectionStack Apply(ProjectionStack stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        SplitCheck.AppliedToProjections(this);
        var context = RunContext.Current;
        var memory = Room(context, (long)stack.AngleCount * stack.RowCount * stack.ColumnCount);
        try
        {
            using var inference = new NetworkInference(this);
            var size = stack.RowCount * stack.ColumnCount;
            var window = new NeighborWindow(stack, Network.InputChannels);
            for (var angle = 0; angle < stack.AngleCount; angle++)
            {
                context.Report("denoising", (double)angle / stack.AngleCount, $"projection {angle + 1} of {stack.AngleCount}");
                inference.Apply(window.Around(angle), memory.Span((long)angle * size, size), stack.RowCount, stack.ColumnCount);
                memory.Evict((long)angle * size, size);
            }

            return new MemoryProjectionStack(stack.AnglesDegrees, stack.RowCount, stack.ColumnCount, memory)
            {
                PixelSize = stack.PixelSize,
                Quantity = stack.Quantity,
                Provenance = After(stack.Provenance),
            };
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Removes the noise of every slice [y, x] of a volume.</summary>
    /// <param name="volume">The volume, in the units that the network was trained on.</param>
    /// <exception cref="ArgumentException">The network wants neighbors, or a value is not finite.</exception>
    /// <exception cref="OperationCanceledException">The run context was cancelled.</exception>
    public Volume Apply(Volume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        SplitCheck.AppliedToSlices(this, volume.Quantity);
        CheckTakesSlices(nameof(volume));
        var context = RunContext.Current;
        var memory = Room(context, (long)volume.SliceCount * volume.RowCount * volume.ColumnCount);
        try
        {
            using var inference = new NetworkInference(this);
            var size = volume.RowCount * volume.ColumnCount;
            for (var z = 0; z < volume.SliceCount; z++)
            {
                context.Report("denoising", (double)z / volume.SliceCount, $"slice {z + 1} of {volume.SliceCount}");
                inference.Apply(volume.Slice(z).ToArray(), memory.Span((long)z * size, size), volume.RowCount, volume.ColumnCount);
                memory.Evict((long)z * size, size);
            }

            return new Volume(volume.SliceCount, volume.RowCount, volume.ColumnCount, memory)
            {
                VoxelSize = volume.VoxelSize,
                Quantity = volume.Quantity,
                Provenance = After(volume.Provenance),
            };
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"Denoiser: {Network}" + (Report is null ? "" : $"; trained: {Report}");

    /// <summary>Room for a result: in memory when that takes no more than half of what is free, else in a scratch file.</summary>
    internal static ArrayMemory<float> Room(RunContext context, long length) => length * sizeof(float) <= MemoryBudget.AvailableBytes(context) / 2
        ? ArrayMemory.Allocate<float>(length)
        : ArrayMemory.CreateMapped<float>(Path.Combine(context.ScratchFolder, $"beamline-denoised-{Guid.NewGuid():N}.f32"), length, deleteOnDispose: true);
}
