using System.Diagnostics;
using System.Text.Json;
using Beamline.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Beamline.Learning;

/// <summary>
/// Tries a TorchScript file in a process of its own: what is in such a file runs, and a damaged one may end the process that reads it.
/// Arguments: the word, the file, the number of input channels, and the reach when it is known. Prints one line of JSON.
/// </summary>
internal static class TorchScriptProbe
{
    /// <summary>First argument of the process that tries a file.</summary>
    public const string Command = "torchscript";

    private const int LargestMultiple = 128, LargestEdge = 512;
    private const float Felt = 1e-6f;

    /// <summary>What the process says.</summary>
    internal sealed record Answer(TorchScriptFacts? Facts, string? Error);

    public static int Run(string[] arguments)
    {
        var answer = Try(arguments[1], Number(arguments[2]), arguments is [_, _, _, var reach] ? Number(reach) : null);
        Console.Out.WriteLine(JsonSerializer.Serialize(answer, TrainingMessage.Json));
        return answer.Error is null ? 0 : TrainingWorker.Failed;
    }

    /// <summary>Tries a file in a child.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or not a module that takes and gives one image.</exception>
    public static TorchScriptFacts Ask(string path, int channels, int? reach)
    {
        string[] known = reach is { } pixels ? [$"{pixels}"] : [];
        using var process = Process.Start(TrainingProcess.StartInfo([Command, path, $"{channels}", .. known])) ?? throw new InvalidOperationException("The process that tries TorchScript files does not start.");
        using var stop = RunContext.Current.CancellationToken.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync();
        Answer? answer = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            answer = line.StartsWith("{\"", StringComparison.Ordinal) ? JsonSerializer.Deserialize<Answer>(line, TrainingMessage.Json) : answer;
        }

        process.WaitForExit();
        RunContext.Current.CancellationToken.ThrowIfCancellationRequested();
        return answer switch
        {
            { Facts: { } facts } => facts,
            { Error: { } error } => throw new InvalidDataException($"{path}: {error}"),
            _ => throw new InvalidDataException(
                $"{path}: the process that tried it ended by itself (exit code {process.ExitCode}): the file is damaged, or made for another libtorch. {errors.Result.Trim()}".TrimEnd()),
        };
    }

    private static Answer Try(string path, int channels, int? reach)
    {
        try
        {
            TorchRuntime.Load();
            using var none = no_grad();
            using var module = Load(path);
            module.eval();
            Shape(module, channels, 256, 256);
            var multiple = Multiple(module, channels);
            return new Answer(new TorchScriptFacts(multiple, reach ?? Reach(module, channels, multiple), module.parameters().Sum(p => p.numel()), Bytes(module, channels)), null);
        }
        catch (Exception exception) when (exception is InvalidDataException or TorchNotAvailableException or DeviceNotFoundException)
        {
            return new Answer(null, exception.Message);
        }
    }

    private static jit.ScriptModule<Tensor, Tensor> Load(string path)
    {
        try
        {
            return jit.load<Tensor, Tensor>(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is not (IOException or UnauthorizedAccessException))
        {
            throw new InvalidDataException(
                $"libtorch does not read it as TorchScript: {FirstLine(exception)}. A module is written by torch.jit.save(torch.jit.script(model)) or .trace; weights alone are read as safetensors (Denoiser.Import).");
        }
    }

    /// <summary>Runs an image through it and checks what comes out.</summary>
    private static Tensor Shape(jit.ScriptModule<Tensor, Tensor> module, int channels, int rows, int columns) => Forward(module, rand(1, channels, rows, columns), rows, columns);

    private static Tensor Forward(jit.ScriptModule<Tensor, Tensor> module, Tensor input, int rows, int columns)
    {
        Tensor made;
        try
        {
            made = module.forward(input);
        }
        catch (Exception exception) when (exception is not InvalidDataException)
        {
            throw new InvalidDataException(
                $"it does not run on [1, {input.shape[1]}, {rows}, {columns}] 32-bit floats (image, channel, row, column): {FirstLine(exception)}. Does it take another number of channels?");
        }

        return made.shape.SequenceEqual([1L, 1L, rows, columns]) && made.dtype == ScalarType.Float32
            ? made
            : throw new InvalidDataException(
                $"of [1, {input.shape[1]}, {rows}, {columns}] it makes [{string.Join(", ", made.shape)}] of {made.dtype}; a denoiser makes one image as large as what goes in, [1, 1, {rows}, {columns}] of Float32.");
    }

    private static int Multiple(jit.ScriptModule<Tensor, Tensor> module, int channels)
    {
        // 256 less m is an odd number of m's, so that nothing coarser hides.
        for (var multiple = 1; multiple < LargestMultiple; multiple *= 2)
        {
            try
            {
                using var scope = NewDisposeScope();
                Shape(module, channels, 256 - multiple, 256 - multiple);
                return multiple;
            }
            catch (InvalidDataException)
            {
                // It does not fit: the next coarser grid may.
            }
        }

        return LargestMultiple;
    }

    /// <summary>How far a change of one pixel is felt: changes of both signs, weak and strong, at several places of the coarsest grid.</summary>
    private static int Reach(jit.ScriptModule<Tensor, Tensor> module, int channels, int multiple)
    {
        for (var edge = 256; edge <= LargestEdge; edge *= 2)
        {
            var reach = 0;
            random.manual_seed(edge);
            for (var k = 0; k < 4; k++)
            {
                using var scope = NewDisposeScope();
                var input = rand(1, channels, edge, edge);
                var place = (edge / 2) + (k * multiple / 4);
                var before = Forward(module, input, edge, edge);
                foreach (var change in new[] { 1f, -1f, 30f, -30f })
                {
                    var changed = input.clone();
                    changed[.., .., place, place] += change;
                    var felt = (Forward(module, changed, edge, edge) - before).abs().squeeze() > Felt * Math.Abs(change);
                    foreach (var axis in new[] { felt.any(0), felt.any(1) })
                    {
                        var along = axis.data<bool>().ToArray();
                        for (var i = 0; i < along.Length; i++)
                        {
                            reach = along[i] ? Math.Max(reach, Math.Abs(i - place)) : reach;
                        }
                    }
                }
            }

            if (reach < (edge / 2) - 1 - multiple)
            {
                return reach;
            }
        }

        throw new InvalidDataException(
            $"a change of one pixel is felt more than {LargestEdge / 2} pixels away, perhaps because it works with the mean of the whole image. Give reachPixels: what tiles are to overlap by.");
    }

    private static long Bytes(jit.ScriptModule<Tensor, Tensor> module, int channels)
    {
        const int Small = 256, Large = 768;
        long Peak(int edge)
        {
            using var scope = NewDisposeScope();
            Shape(module, channels, edge, edge);
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }

        var small = Peak(Small);
        return Math.Max(4 * (channels + 1), (Peak(Large) - small) / ((Large * Large) - (Small * Small)));
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string FirstLine(Exception exception) => exception.Message.Trim().Split('\n')[0].TrimEnd('.', ' ');
}
