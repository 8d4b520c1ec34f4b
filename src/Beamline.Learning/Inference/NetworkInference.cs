using Beamline.Compute;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Beamline.Learning;

/// <summary>Applies a network to images: whole where memory allows, else in tiles that overlap by what a pixel depends on.</summary>
internal sealed class NetworkInference : IDisposable
{
    private readonly DenoiserNetwork _description;
    private readonly double _scale;
    private readonly Module<Tensor, Tensor> _network;
    private readonly int _threadsBefore;

    public NetworkInference(Denoiser denoiser, IReadOnlyDictionary<string, NamedTensor> weights)
    {
        TorchRuntime.Load();
        (_description, _scale) = (denoiser.Network, denoiser.Scale);
        _network = NetworkFactory.Create(denoiser.Network, 0);
        Weights.Put(_network, weights, "this denoiser");
        _network.eval();
        _threadsBefore = get_num_threads();
        set_num_threads(RunContext.Current.MaxThreads);
    }

    /// <summary>Bytes that one tile may take inside the network; tests make it small.</summary>
    public long TileBytes { get; init; } = 640L << 20;

    /// <summary>Denoises one image.</summary>
    /// <param name="input">Noisy values [channel, row, column].</param>
    /// <param name="output">Where the result goes, [row, column].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public void Apply(float[] input, Span<float> output, int rows, int columns)
    {
        CheckFinite(input, rows, columns);
        var multiple = _description.Multiple;
        var (height, width) = (Tiles.RoundUp(rows, multiple), Tiles.RoundUp(columns, multiple));
        var halo = Tiles.RoundUp(_description.ReceptiveRadiusPixels, multiple);
        var kept = (int)Math.Sqrt((double)TileBytes / _description.BytesPerPixel);
        var isWhole = (long)height * width * _description.BytesPerPixel <= TileBytes;
        var down = isWhole ? [new Tile(0, height, 0, height)] : Tiles.Divide(height, Math.Max(halo, kept - (2 * halo)), halo, multiple);
        var across = isWhole ? [new Tile(0, width, 0, width)] : Tiles.Divide(width, Math.Max(halo, kept - (2 * halo)), halo, multiple);
        using var none = no_grad();
        foreach (var y in down)
        {
            foreach (var x in across)
            {
                RunContext.Current.CancellationToken.ThrowIfCancellationRequested();
                var result = Run(Cut(input, rows, columns, y, x), y.InputLength, x.InputLength);
                for (var r = y.Start; r < Math.Min(y.Start + y.Length, rows); r++)
                {
                    var count = Math.Min(x.Length, columns - x.Start);
                    if (count > 0)
                    {
                        result.AsSpan(((r - y.InputStart) * x.InputLength) + x.Start - x.InputStart, count).CopyTo(output.Slice((r * columns) + x.Start, count));
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        set_num_threads(_threadsBefore);
        _network.Dispose();
    }

    /// <summary>A tile of the image, continued by reflection where the network needs more than there is.</summary>
    private float[] Cut(float[] input, int rows, int columns, Tile y, Tile x)
    {
        var tile = new float[_description.InputChannels * y.InputLength * x.InputLength];
        var scale = (float)(1 / _scale);
        var at = 0;
        for (var c = 0; c < _description.InputChannels; c++)
        {
            for (var r = 0; r < y.InputLength; r++)
            {
                var line = ((c * rows) + Reflect(y.InputStart + r, rows)) * columns;
                for (var i = 0; i < x.InputLength; i++)
                {
                    tile[at++] = input[line + Reflect(x.InputStart + i, columns)] * scale;
                }
            }
        }

        return tile;
    }

    /// <summary>Runs a batch of small images through the network, for comparison with programs that work patch by patch.</summary>
    internal float[] RunBatch(float[] images, int count, int height, int width)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return _network.call(tensor(images, [count, _description.InputChannels, height, width])).contiguous().data<float>().ToArray();
    }

    private float[] Run(float[] tile, int height, int width)
    {
        using var scope = NewDisposeScope();
        try
        {
            var output = _network.call(tensor(tile, [1, _description.InputChannels, height, width])) * _scale;
            return output.contiguous().data<float>().ToArray();
        }
        catch (Exception exception) when (exception.Message.Contains("alloc", StringComparison.OrdinalIgnoreCase) && exception is not OperationCanceledException)
        {
            throw new InsufficientMemoryException(
                $"A tile of {height} x {width} pixels takes {height * (long)width * _description.BytesPerPixel / 1e9:0.0} GB in {_description.Name}, which this machine does not have free. Take a smaller network.", exception);
        }
    }

    private static int Reflect(int i, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        var period = 2 * (length - 1);
        i %= period;
        return i < length ? i : period - i;
    }

    private static void CheckFinite(float[] input, int rows, int columns)
    {
        for (var i = 0; i < input.Length; i++)
        {
            if (!float.IsFinite(input[i]))
            {
                throw new ArgumentException(
                    $"The value at row {i / columns % rows}, column {i % columns} is {input[i]}. A network spreads it over its surroundings: take the logarithm with a floor, and mend dead pixels first.");
            }
        }
    }
}
