namespace Beamline.Remote;

/// <summary>Where the files of a job lie in its folder. Every endpoint has the same.</summary>
internal sealed class JobLayout(string folder)
{
    public string Folder => folder;

    public string Job => Path.Combine(folder, "job.json");

    public string Signature => Path.Combine(folder, "job.sig");

    /// <summary>Written by renaming, so that a reader never sees half of it.</summary>
    public string Status => Path.Combine(folder, "status.json");

    public string Events => Path.Combine(folder, "display.jsonl");

    public string StandardOutput => Path.Combine(folder, "stdout");

    public string StandardError => Path.Combine(folder, "stderr");

    /// <summary>Results: arrays as .npy, and <see cref="Outputs"/>.</summary>
    public string OutputFolder => Path.Combine(folder, "out");

    /// <summary>A list of <see cref="JobValue"/>, written last.</summary>
    public string Outputs => Path.Combine(OutputFolder, "outputs.json");

    /// <summary>What solvers save before the time is up.</summary>
    public string Checkpoint => Path.Combine(folder, "checkpoint");

    public string Provenance => Path.Combine(folder, "provenance.json");

    /// <summary>Exists when the job is to stop; the worker looks for it.</summary>
    public string CancelMark => Path.Combine(folder, "cancel");
}
