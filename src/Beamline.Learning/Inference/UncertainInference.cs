namespace Beamline.Learning;

/// <summary>Asks several networks, or one about a picture laid down in several ways, and gives mean and standard deviation of the answers.</summary>
internal sealed class UncertainInference : IDisposable
{
    private readonly List<NetworkInference> _networks = [];
    private readonly Orientation[] _orientations;

    public UncertainInference(IEnumerable<Denoiser> denoisers, int orientations)
    {
        _orientations = [.. Orientation.All.Take(orientations)];
        try
        {
            foreach (var denoiser in denoisers)
            {
                _networks.Add(new NetworkInference(denoiser));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Denoises one image.</summary>
    /// <param name="input">Noisy values [channel, row, column].</param>
    /// <param name="mean">Mean of the answers, [row, column].</param>
    /// <param name="deviation">Their standard deviation, from the sum of squares over the number of answers less one.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public void Apply(float[] input, Span<float> mean, Span<float> deviation, int rows, int columns)
    {
        // Welford's recurrence: sums of squares of close answers would lose what tells them apart.
        mean.Clear();
        deviation.Clear();
        var (laid, answer) = (new float[input.Length], new float[rows * columns]);
        var count = 0;
        foreach (var orientation in _orientations)
        {
            orientation.Lay(input, rows, columns, laid);
            var (height, width) = orientation.Shape(rows, columns);
            foreach (var network in _networks)
            {
                network.Apply(laid, answer, height, width);
                count++;
                for (var r = 0; r < rows; r++)
                {
                    for (var c = 0; c < columns; c++)
                    {
                        var at = (r * columns) + c;
                        var value = answer[orientation.Place(r, c, rows, columns)];
                        var before = value - mean[at];
                        mean[at] += before / count;
                        deviation[at] += before * (value - mean[at]);
                    }
                }
            }
        }

        for (var i = 0; i < deviation.Length; i++)
        {
            deviation[i] = MathF.Sqrt(Math.Max(0, deviation[i]) / (count - 1));
        }
    }

    public void Dispose()
    {
        // The last one made first: each puts back the number of threads that it found.
        for (var i = _networks.Count - 1; i >= 0; i--)
        {
            _networks[i].Dispose();
        }
    }
}
