using Beamline.Arrays;

namespace Beamline.Learning;

/// <summary>The images of a training, mapped from files, and how they are divided into what is trained on and what is held out.</summary>
internal sealed class TrainingPairs : IDisposable
{
    /// <summary>Held-out images together stay below this, so that a score costs little.</summary>
    private const int MostScorePixels = 300_000;

    private readonly TrainingJob _job;
    private readonly ArrayMemory<float> _inputs;
    private readonly ArrayMemory<float> _targets;
    private readonly int[] _bandStarts;

    public TrainingPairs(TrainingJob job, string folder)
    {
        _job = job;
        _inputs = ArrayMemory.OpenMapped<float>(TrainingJob.InputsIn(folder), job.PairCount * job.InputLength);
        _targets = ArrayMemory.OpenMapped<float>(TrainingJob.TargetsIn(folder), job.PairCount * job.TargetLength);
        PatchSize = PatchEdge(job.Options, job.RowCount, job.ColumnCount);
        BandRows = Math.Max(1, Math.Min((int)(job.RowCount * job.Options.HeldOutFraction), job.RowCount - PatchSize));

        // The bands of the images lie at different heights, so that the score sees all of the sample.
        var random = StepRandom(job.Options.Seed, -1);
        _bandStarts = [.. Enumerable.Range(0, job.PairCount).Select(_ => BandStart(random))];
    }

    /// <summary>Edge of a patch.</summary>
    public int PatchSize { get; }

    /// <summary>Edge of a patch in images of a size: room is left for a held-out band, and the network can halve it.</summary>
    public static int PatchEdge(TrainingOptions options, int rows, int columns)
    {
        var multiple = options.Network.Multiple;
        return Math.Max(multiple, Math.Min(options.PatchSize, Math.Min(rows / 3, columns)) / multiple * multiple);
    }

    /// <summary>Rows of each image that are held out.</summary>
    public int BandRows { get; }

    /// <summary>A patch of a batch never touches the held-out band of its image.</summary>
    public void Sample(Random random, Span<float> inputs, Span<float> targets)
    {
        var channels = _job.Options.Network.InputChannels;
        var area = PatchSize * PatchSize;
        for (var b = 0; b < _job.Options.BatchSize; b++)
        {
            var pair = random.Next(_job.PairCount);
            var row = Row(random, _bandStarts[pair]);
            var column = random.Next(_job.ColumnCount - PatchSize + 1);
            var (flipX, flipY) = (random.Next(2) == 0, random.Next(2) == 0);
            for (var c = 0; c < channels; c++)
            {
                Cut(_inputs, (pair * _job.InputLength) + (c * _job.TargetLength), row, column, flipX, flipY, inputs.Slice(((b * channels) + c) * area, area));
            }

            Cut(_targets, pair * _job.TargetLength, row, column, flipX, flipY, targets.Slice(b * area, area));
        }
    }

    /// <summary>The held-out bands with as much around them as the network looks at.</summary>
    /// <returns>Input [channel, row, column], target of the band, and where the band lies in the input.</returns>
    public IEnumerable<HeldOut> HeldOuts()
    {
        var network = _job.Options.Network;
        var halo = Tiles.RoundUp(network.ReceptiveRadiusPixels, network.Multiple);
        var width = Math.Min(_job.ColumnCount, 1024) / network.Multiple * network.Multiple;
        var left = (_job.ColumnCount - width) / 2;
        var step = Math.Max(1, (int)Math.Ceiling((double)_job.PairCount * width * (BandRows + (2 * halo)) / MostScorePixels));
        for (var pair = 0; pair < _job.PairCount; pair += step)
        {
            var start = Math.Max(0, _bandStarts[pair] - halo) / network.Multiple * network.Multiple;
            var rows = Math.Min(Tiles.RoundUp(_bandStarts[pair] + BandRows + halo - start, network.Multiple), (_job.RowCount - start) / network.Multiple * network.Multiple);
            var input = new float[network.InputChannels * rows * width];
            for (var c = 0; c < network.InputChannels; c++)
            {
                for (var r = 0; r < rows; r++)
                {
                    _inputs.Span((pair * _job.InputLength) + (c * _job.TargetLength) + ((long)(start + r) * _job.ColumnCount) + left, width)
                        .CopyTo(input.AsSpan(((c * rows) + r) * width, width));
                }
            }

            var band = Math.Min(BandRows, start + rows - _bandStarts[pair]);
            var target = new float[band * width];
            for (var r = 0; r < band; r++)
            {
                _targets.Span((pair * _job.TargetLength) + ((long)(_bandStarts[pair] + r) * _job.ColumnCount) + left, width).CopyTo(target.AsSpan(r * width, width));
            }

            yield return new HeldOut(input, target, rows, width, _bandStarts[pair] - start, band);
        }
    }

    /// <summary>What is random in a step follows from the seed and the step alone, so that a resumed training goes on as if it had not stopped.</summary>
    public static Random StepRandom(long seed, int step)
    {
        var x = unchecked(((ulong)seed * 0x9E3779B97F4A7C15UL) + ((ulong)(long)step * 0xBF58476D1CE4E5B9UL) + 0x94D049BB133111EBUL);
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EBUL);
        return new Random((int)((x ^ (x >> 31)) & int.MaxValue));
    }

    public void Dispose()
    {
        _inputs.Dispose();
        _targets.Dispose();
    }

    private int BandStart(Random random)
    {
        // Above or below the band a patch must fit.
        var (last, gap) = (_job.RowCount - BandRows, PatchSize);
        var choices = Enumerable.Range(0, last + 1).Where(start => start >= gap || _job.RowCount - (start + BandRows) >= gap).ToArray();
        return choices[random.Next(choices.Length)];
    }

    private int Row(Random random, int band)
    {
        var above = Math.Max(0, band - PatchSize + 1);
        var below = Math.Max(0, _job.RowCount - band - BandRows - PatchSize + 1);
        var choice = random.Next(above + below);
        return choice < above ? choice : band + BandRows + choice - above;
    }

    private void Cut(ArrayMemory<float> from, long image, int row, int column, bool flipX, bool flipY, Span<float> into)
    {
        var scale = (float)(1 / _job.Scale);
        for (var r = 0; r < PatchSize; r++)
        {
            var line = from.Span(image + ((long)(row + r) * _job.ColumnCount) + column, PatchSize);
            var place = into.Slice((flipY ? PatchSize - 1 - r : r) * PatchSize, PatchSize);
            for (var c = 0; c < PatchSize; c++)
            {
                place[flipX ? PatchSize - 1 - c : c] = line[c] * scale;
            }
        }
    }
}

/// <summary>A held-out band.</summary>
/// <param name="Input">Noisy values [channel, row, column] of the band and its surroundings, in units of the data.</param>
/// <param name="Target">Values of the band [row, column].</param>
/// <param name="RowCount">Rows of the input.</param>
/// <param name="ColumnCount">Columns of both.</param>
/// <param name="BandStart">First row of the band in the input.</param>
/// <param name="BandRows">Rows of the band.</param>
internal sealed record HeldOut(float[] Input, float[] Target, int RowCount, int ColumnCount, int BandStart, int BandRows);
