using System.Runtime.InteropServices;
using Beamline.Compute;
using TorchSharp;
using static TorchSharp.torch;

namespace Beamline.Learning;

/// <summary>Applies a network to images: whole where memory allows, else in tiles that overlap by what a pixel depends on.</summary>
internal sealed class NetworkInference : IDisposable
{
    /// <summary>Bytes that one tile takes inside the network where memory is not short.</summary>
    public const long UsualTileBytes = 640L << 20;

    private readonly DenoiserNetwork _description;
    private readonly double _scale;
    private readonly AppliedNetwork _network;
    private readonly int _threadsBefore;
    private readonly Action<long>? _reserve;
    private long _tileBytes;
    private float[] _tile = [];

    public NetworkInference(Denoiser denoiser)
        : this(denoiser, denoiser.NamedWeights)
    {
    }

    /// <param name="denoiser">What to apply.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="reserve">Called with the bytes of a tile before it runs; tests let it throw as libtorch does.</param>
    public NetworkInference(Denoiser denoiser, IReadOnlyDictionary<string, NamedTensor> weights, Action<long>? reserve = null)
    {
        TorchRuntime.Load();
        (_description, _scale, _reserve) = (denoiser.Network, denoiser.Scale, reserve);
        _threadsBefore = get_num_threads();
        TorchThreads.Use(RunContext.Current.MaxThreads);
        _tileBytes = Math.Max(1, Math.Min(UsualTileBytes, MemoryBudget.AvailableBytes(RunContext.Current) / 2));
        try
        {
            _network = AppliedNetwork.Create(denoiser, weights, RunContext.Current);
        }
        catch
        {
            TorchThreads.Use(_threadsBefore);
            throw;
        }
    }

    /// <summary>Bytes that one tile may take inside the network; less after memory was short.</summary>
    public long TileBytes
    {
        get => _tileBytes;
        init => _tileBytes = value;
    }

    /// <summary>Denoises one image.</summary>
    /// <param name="input">Noisy values [channel, row, column].</param>
    /// <param name="output">Where the result goes, [row, column].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <exception cref="InsufficientMemoryException">Not even the smallest tile fits in memory.</exception>
    public void Apply(float[] input, Span<float> output, int rows, int columns)
    {
        CheckFinite(input, rows, columns);
        while (true)
        {
            try
            {
                ApplyTiles(input, output, rows, columns);
                return;
            }
            catch (Exception exception) when (IsOutOfMemory(exception))
            {
                // A quarter of the memory is half of the edge; the halo, which stays, sets an end to that.
                if (_tileBytes <= SmallestTileBytes)
                {
                    throw new InsufficientMemoryException(
                        $"Even a tile of {SmallestTileBytes / 1e6:0} MB does not fit in the memory that this machine has free for {_description.Name} ({exception.Message.Split('\n')[0].Trim()}). " +
                        "Dispose of volumes and stacks that are not needed, or take a smaller network.",
                        exception);
                }

                _tileBytes = Math.Max(SmallestTileBytes, Math.Min(_tileBytes, Whole(rows, columns)) / 4);
                RunContext.Current.Warning?.Invoke($"Memory is short: {_description.Name} is applied in tiles of {_tileBytes / 1e6:0} MB from here on.");
            }
        }
    }

    public void Dispose()
    {
        TorchThreads.Use(_threadsBefore);
        _network.Dispose();
    }

    /// <summary>Runs a batch of small images through the network, for comparison with programs that work patch by patch.</summary>
    internal float[] RunBatch(float[] images, int count, int height, int width)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        return _network.Call(tensor(images, [count, _description.InputChannels, height, width])).contiguous().data<float>().ToArray();
    }

    private long SmallestTileBytes => 9L * Halo * Halo * _description.BytesPerPixel;

    private int Halo => Tiles.RoundUp(_description.ReceptiveRadiusPixels, _description.Multiple);

    private long Whole(int rows, int columns) => (long)Tiles.RoundUp(rows, _description.Multiple) * Tiles.RoundUp(columns, _description.Multiple) * _description.BytesPerPixel;

    private void ApplyTiles(float[] input, Span<float> output, int rows, int columns)
    {
        var (multiple, halo) = (_description.Multiple, Halo);
        var (height, width) = (Tiles.RoundUp(rows, multiple), Tiles.RoundUp(columns, multiple));
        var kept = (int)Math.Sqrt((double)_tileBytes / _description.BytesPerPixel);
        var isWhole = Whole(rows, columns) <= _tileBytes;
        var down = isWhole ? [new Tile(0, height, 0, height)] : Tiles.Divide(height, Math.Max(halo, kept - (2 * halo)), halo, multiple);
        var across = isWhole ? [new Tile(0, width, 0, width)] : Tiles.Divide(width, Math.Max(halo, kept - (2 * halo)), halo, multiple);
        using var none = no_grad();
        foreach (var y in down)
        {
            foreach (var x in across)
            {
                RunContext.Current.CancellationToken.ThrowIfCancellationRequested();
                Cut(input, rows, columns, y, x);
                Run(y, x, output, rows, columns);
            }
        }
    }

    /// <summary>A tile of the image, continued by reflection where the network needs more than there is.</summary>
    private void Cut(float[] input, int rows, int columns, Tile y, Tile x)
    {
        var length = _description.InputChannels * y.InputLength * x.InputLength;
        if (_tile.Length != length)
        {
            _tile = new float[length];
        }

        var scale = (float)(1 / _scale);
        var places = Enumerable.Range(x.InputStart, x.InputLength).Select(i => Reflect(i, columns)).ToArray();
        var at = 0;
        for (var c = 0; c < _description.InputChannels; c++)
        {
            for (var r = 0; r < y.InputLength; r++)
            {
                var line = input.AsSpan(((c * rows) + Reflect(y.InputStart + r, rows)) * columns, columns);
                foreach (var place in places)
                {
                    _tile[at++] = line[place] * scale;
                }
            }
        }
    }

    private void Run(Tile y, Tile x, Span<float> output, int rows, int columns)
    {
        _reserve?.Invoke((long)y.InputLength * x.InputLength * _description.BytesPerPixel);
        using var scope = NewDisposeScope();
        var made = _network.Call(frombuffer(_tile, ScalarType.Float32).reshape(1, _description.InputChannels, y.InputLength, x.InputLength)).contiguous();
        var result = MemoryMarshal.Cast<byte, float>(made.bytes);
        var scale = (float)_scale;
        var count = Math.Min(x.Length, columns - x.Start);
        for (var r = y.Start; r < Math.Min(y.Start + y.Length, rows) && count > 0; r++)
        {
            var from = result.Slice(((r - y.InputStart) * x.InputLength) + x.Start - x.InputStart, count);
            var into = output.Slice((r * columns) + x.Start, count);
            for (var c = 0; c < count; c++)
            {
                into[c] = from[c] * scale;
            }
        }
    }

    private static bool IsOutOfMemory(Exception exception) => exception is not OperationCanceledException &&
        (exception is OutOfMemoryException || exception.Message.Contains("allocate", StringComparison.OrdinalIgnoreCase) || exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase));

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
