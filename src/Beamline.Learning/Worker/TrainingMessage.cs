using System.Text.Json;
using System.Text.Json.Serialization;

namespace Beamline.Learning;

/// <summary>One line of the process that trains; exactly one of its parts is there.</summary>
internal sealed record TrainingMessage
{
    public static JsonSerializerOptions Json { get; } = new(TrainingJob.Json) { WriteIndented = false, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What it is doing before it trains.</summary>
    public string? Progress { get; init; }

    /// <summary>How it stands.</summary>
    public TrainingScore? Score { get; init; }

    /// <summary>A step that was done, told between scores.</summary>
    public TrainingStep? At { get; init; }

    /// <summary>Step of the preview that it has written.</summary>
    public int? Preview { get; init; }

    /// <summary>How it ended.</summary>
    public TrainingReport? Report { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>Name of the exception.</summary>
    public string? ErrorType { get; init; }

    /// <summary>File with the weights that it found.</summary>
    public static string ResultIn(string folder) => Path.Combine(folder, "result.safetensors");
}

/// <summary>A step that was done.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Loss">Loss, averaged over the last steps.</param>
internal sealed record TrainingStep(int Step, double Loss);
