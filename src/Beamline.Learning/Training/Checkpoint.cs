using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Where a training stands, beside weights and moments.</summary>
internal sealed record CheckpointState(
    Dictionary<string, NamedTensor> Best, int BestStep, double BestScore, double MeanLoss, double Seconds, IReadOnlyList<TrainingScore> History);

/// <summary>Files from which a training goes on to the last bit.</summary>
internal static class Checkpoint
{
    public static void Save(TrainingJob job, string path, Module<Tensor, Tensor> network, Adam adam, Adversary? adversary, CheckpointState state)
    {
        var tensors = Weights.Take(network).ToDictionary(w => "now." + w.Key, w => w.Value);
        adam.Save(tensors);
        adversary?.Save(tensors);
        foreach (var (name, value) in state.Best)
        {
            tensors["best." + name] = value;
        }

        SafetensorsFile.Write(path, tensors, new Dictionary<string, string>
        {
            ["kind"] = "beamline training checkpoint 1",
            ["recipe"] = Recipe(job),
            ["step"] = adam.Step.ToString(CultureInfo.InvariantCulture),
            ["best"] = state.BestStep.ToString(CultureInfo.InvariantCulture),
            ["score"] = state.BestScore.ToString("R", CultureInfo.InvariantCulture),
            ["loss"] = state.MeanLoss.ToString("R", CultureInfo.InvariantCulture),
            ["seconds"] = state.Seconds.ToString("R", CultureInfo.InvariantCulture),
            ["history"] = JsonSerializer.Serialize(state.History, TrainingJob.Json),
        });
    }

    /// <exception cref="InvalidDataException">The file is damaged, or of another training.</exception>
    public static CheckpointState Load(TrainingJob job, string path, Module<Tensor, Tensor> network, Adam adam, Adversary? adversary)
    {
        var (tensors, texts) = SafetensorsFile.Read(path);
        if (texts.GetValueOrDefault("kind") != "beamline training checkpoint 1")
        {
            throw new InvalidDataException($"{path} is no checkpoint of a training.");
        }

        if (texts.GetValueOrDefault("recipe") is { } recipe && recipe != Recipe(job))
        {
            throw new InvalidDataException(
                $"{path} was made with other data or options; a training goes on only as it began. Start anew in another folder, or give the options of before. It had: {recipe}");
        }

        try
        {
            Weights.Put(network, Part(tensors, "now."), path);
            adam.Load(tensors, Number(texts["step"]));
            adversary?.Load(tensors, Number(texts["step"]), path);
            return new CheckpointState(
                Part(tensors, "best."), Number(texts["best"]), double.Parse(texts["score"], CultureInfo.InvariantCulture),
                double.Parse(texts["loss"], CultureInfo.InvariantCulture), double.Parse(texts["seconds"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<List<TrainingScore>>(texts["history"], TrainingJob.Json) ?? []);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or JsonException)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message} Delete it to start anew.", exception);
        }
    }

    /// <summary>The best weights in a checkpoint of any training, and how they came about as far as that is known there.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static (IReadOnlyDictionary<string, NamedTensor> Weights, TrainingReport Report) Best(string path)
    {
        var (tensors, texts) = SafetensorsFile.Read(path);
        try
        {
            var history = JsonSerializer.Deserialize<List<TrainingScore>>(texts["history"], TrainingJob.Json) ?? [];
            var report = new TrainingReport { History = history, BestStep = Number(texts["best"]), End = TrainingEnd.Stopped, CpuSeconds = double.NaN };
            return (Part(tensors, "best."), report);
        }
        catch (Exception exception) when (exception is KeyNotFoundException or FormatException or JsonException)
        {
            throw new InvalidDataException($"{path} is damaged: {exception.Message}", exception);
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Tensors whose names begin so, without that.</summary>
    internal static Dictionary<string, NamedTensor> Part(IReadOnlyDictionary<string, NamedTensor> tensors, string prefix) =>
        tensors.Where(t => t.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(t => t.Key[prefix.Length..], t => t.Value);

    /// <summary>What must be the same for a training to go on; how long it is to last belongs to it, since the rate follows from that.</summary>
    private static string Recipe(TrainingJob job) => JsonSerializer.Serialize(
        job with { PreviewTitle = "", PreviewRows = 0, PreviewColumns = 0, Options = job.Options with { Folder = null, Device = null, Resume = false, InThisProcess = false, Patience = 0, ScoreEvery = 1 } }, TrainingMessage.Json);
}
