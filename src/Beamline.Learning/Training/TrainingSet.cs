using System.Globalization;
using System.Security.Cryptography;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>Writes the images of a training into the folder of its job, and checks them on the way.</summary>
internal sealed class TrainingSet
{
    private readonly TrainingOptions _options;
    private readonly List<(Func<float[]> Input, Func<float[]> Target)> _pairs = [];
    private readonly int _rows;
    private readonly int _columns;

    public TrainingSet(TrainingOptions options, int rows, int columns)
    {
        (_options, _rows, _columns) = (options, rows, columns);
        options.Network.Validate();
        var least = Math.Max(16, 3 * options.Network.Multiple);
        if (rows < least || columns < least)
        {
            throw new ArgumentException($"Images of {rows} x {columns} pixels are too small to train {options.Network.Name}: it takes at least {least} x {least}.");
        }
    }

    /// <summary>Adds a pair: the noisy image with its neighbors [channel, row, column], and what it should look like.</summary>
    public void Add(Func<float[]> input, Func<float[]> target) => _pairs.Add((input, target));

    /// <summary>A noisy view with its neighbors that previews show denoised, best one that is not trained on. Without it the first input is taken.</summary>
    public Func<float[]>? PreviewInput { get; init; }

    /// <summary>What the network's images go through before they are held against the targets; null for nothing.</summary>
    public WindowKernel? Through { get; init; }

    /// <summary>What previews show, for instance "view 90".</summary>
    public string PreviewTitle { get; init; } = "first view";

    /// <summary>Writes all and starts.</summary>
    /// <param name="facts">What the denoiser shall know of its training.</param>
    /// <param name="scale">Value that is 1 inside the network; null takes the largest.</param>
    public TrainingRun Start(IReadOnlyDictionary<string, string> facts, double? scale = null)
    {
        var folder = _options.Folder is { } kept ? Path.GetFullPath(kept) : Directory.CreateTempSubdirectory("beamline-training-").FullName;
        Directory.CreateDirectory(folder);
        var edge = TrainingPairs.PatchEdge(_options, _rows, _columns);
        var options = _options.Chosen(edge, RunContext.Current.MaxThreads) with { Device = _options.Device ?? RunContext.Current.Device, Folder = null };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var peak = Math.Max(Write(TrainingJob.InputsIn(folder), p => p.Input, hash), Write(TrainingJob.TargetsIn(folder), p => p.Target, hash));
        var job = new TrainingJob
        {
            Options = options,
            PairCount = _pairs.Count,
            RowCount = _rows,
            ColumnCount = _columns,
            Scale = peak > 0 ? scale ?? peak : throw new ArgumentException("The images hold nothing above zero: there is nothing to learn from them."),
            DataHash = Convert.ToHexStringLower(hash.GetHashAndReset()),
            PreviewTitle = PreviewTitle,
            Through = Through,
            PreviewRows = TrainingWindow.Edge(_rows, options.Network.Multiple),
            PreviewColumns = TrainingWindow.Edge(_columns, options.Network.Multiple),
        };
        TrainingWindow.WriteInput(job, folder, (PreviewInput ?? _pairs[0].Input)());
        if (!_options.Resume)
        {
            File.Delete(TrainingJob.CheckpointIn(folder));
        }

        job.Save(folder);
        var all = new Dictionary<string, string>(facts)
        {
            ["pairs"] = _pairs.Count.ToString(CultureInfo.InvariantCulture),
            ["data sha256"] = job.DataHash,
            ["loss"] = options.Loss.ToString(),
            ["steps"] = options.Steps.ToString(CultureInfo.InvariantCulture),
            ["batch"] = $"{options.BatchSize} patches of {edge} x {edge} pixels",
            ["learning rate"] = $"{options.LearningRate.ToString(CultureInfo.InvariantCulture)}, {options.Schedule}",
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
        };
        if (options.Adversarial is { } adversarial)
        {
            all["adversarial"] = FormattableString.Invariant(
                $"weight {adversarial.Weight:g4}, {adversarial.DiscriminatorSteps} steps of a discriminator of {adversarial.DiscriminatorMaps} maps at {adversarial.DiscriminatorLearningRate}");
        }

        return new TrainingRun(job, folder, _options.Folder is null, all);
    }

    private double Write(string path, Func<(Func<float[]> Input, Func<float[]> Target), Func<float[]>> part, IncrementalHash hash)
    {
        var peak = 0f;
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < _pairs.Count; i++)
            {
                RunContext.Current.CancellationToken.ThrowIfCancellationRequested();
                var values = part(_pairs[i])();
                foreach (var value in values)
                {
                    if (!float.IsFinite(value))
                    {
                        throw new ArgumentException(
                            $"Pair {i} holds a value that is {value}. Take the logarithm with a floor, and mend dead pixels before training (scan.Normalize().MinusLog() does both).");
                    }

                    peak = Math.Max(peak, value);
                }

                var bytes = MemoryMarshal.AsBytes<float>(values);
                hash.AppendData(bytes);
                file.Write(bytes);
            }
        }

        File.Move(temporary, path, overwrite: true);
        return peak;
    }
}
