using System.Diagnostics;
using System.Runtime.InteropServices;
using Beamline.Compute;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>
/// Lets others look into a training between two steps. Steps are told twice a second; a view is denoised only when a preview was asked for, and at most so
/// often that previews take a twentieth of the time. The training is the same to the last bit whether somebody looks or not.
/// </summary>
internal sealed class TrainingWindow(TrainingJob job, string folder, TrainingControl control, Action<int, double> stepped, Action<int, float[]> previewed)
{
    private const int MostEdge = 384;
    private const int Share = 20;
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(0.5);
    private long _toldAt;
    private long _previewAfter;
    private float[]? _input;

    public static string InputIn(string folder) => Path.Combine(folder, "preview-input.f32");

    public static string PreviewIn(string folder) => Path.Combine(folder, "preview.f32");

    /// <summary>Edge of the part of a view that is shown, of so many pixels.</summary>
    public static int Edge(int pixels, int multiple) => Math.Min(pixels, MostEdge) / multiple * multiple;

    /// <summary>Writes the middle of a view for <see cref="After"/> to denoise.</summary>
    /// <param name="job">The job, with the size of its preview.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="input">Values [channel, row, column] of the whole view.</param>
    public static void WriteInput(TrainingJob job, string folder, float[] input)
    {
        var (top, left) = ((job.RowCount - job.PreviewRows) / 2, (job.ColumnCount - job.PreviewColumns) / 2);
        var cut = new float[job.Options.Network.InputChannels * job.PreviewRows * job.PreviewColumns];
        for (var line = 0; line < job.Options.Network.InputChannels * job.PreviewRows; line++)
        {
            var (channel, row) = Math.DivRem(line, job.PreviewRows);
            input.AsSpan((((channel * job.RowCount) + top + row) * job.ColumnCount) + left, job.PreviewColumns).CopyTo(cut.AsSpan(line * job.PreviewColumns));
        }

        AtomicFile.WriteBytes(InputIn(folder), MemoryMarshal.AsBytes<float>(cut));
    }

    /// <summary>Reads the preview that the process that trains has written.</summary>
    /// <returns>Values [row, column]; null when the file is not what it should be.</returns>
    public static float[]? ReadPreview(TrainingJob job, string folder)
    {
        try
        {
            var bytes = File.ReadAllBytes(PreviewIn(folder));
            return bytes.Length == job.PreviewRows * job.PreviewColumns * sizeof(float) ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A step is done.</summary>
    public void After(int step, double loss, Module<Tensor, Tensor> network)
    {
        if (_toldAt == 0 || Stopwatch.GetElapsedTime(_toldAt) >= Gap)
        {
            _toldAt = Stopwatch.GetTimestamp();
            stepped(step, loss);
        }

        if (control.PreviewIsWanted && Stopwatch.GetTimestamp() >= _previewAfter)
        {
            control.PreviewIsWanted = false;
            var start = Stopwatch.GetTimestamp();
            previewed(step, Denoise(network));
            _previewAfter = Stopwatch.GetTimestamp() + ((Stopwatch.GetTimestamp() - start) * (Share - 1));
        }
    }

    private float[] Denoise(Module<Tensor, Tensor> network)
    {
        _input ??= MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(InputIn(folder))).ToArray();
        using var none = no_grad();
        using var scope = NewDisposeScope();
        network.eval();
        var output = network.call(tensor(_input, [1, job.Options.Network.InputChannels, job.PreviewRows, job.PreviewColumns]) / job.Scale) * job.Scale;
        return output.contiguous().data<float>().ToArray();
    }
}
