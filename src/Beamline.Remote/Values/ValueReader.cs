using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Beamline.Remote;

/// <summary>Puts one value together. Everything that it reads may be hostile.</summary>
internal sealed partial class ValueReader
{
    private readonly ValueCodecs _codecs;
    private readonly IReadOnlyList<JobArray> _arrays;
    private readonly Func<JobArray, string> _fileOf;
    private readonly HashSet<(Type, Type)> _made = [];

    internal ValueReader(ValueCodecs codecs, JobValue value, Func<JobArray, string> fileOf, DecodeOptions options)
    {
        (_codecs, _arrays, _fileOf, Options) = (codecs, value.Arrays, fileOf, options);
    }

    /// <summary>How the value is put together.</summary>
    public DecodeOptions Options { get; }

    /// <summary>What is said of a file beside the JSON, and its path.</summary>
    /// <param name="place">Its place in <see cref="JobValue.Arrays"/>.</param>
    /// <exception cref="EndpointException">There is no such file.</exception>
    public (JobArray Array, string Path) FileAt(JsonElement place)
    {
        var index = place.GetInt32();
        if ((uint)index >= (uint)_arrays.Count)
        {
            throw new EndpointException($"file {index} is named and there are {_arrays.Count}");
        }

        return (_arrays[index], _fileOf(_arrays[index]));
    }

    /// <summary>Opens an array, and checks that it is what is said of it.</summary>
    /// <param name="place">Its place in <see cref="JobValue.Arrays"/>.</param>
    /// <param name="dType">The type that its numbers must have.</param>
    /// <param name="axes">Number of axes that it must have; 0 for any.</param>
    /// <exception cref="EndpointException">It is another one, damaged, or missing.</exception>
    public (FileStream File, NpyFile Header, string Path) OpenArray(JsonElement place, string dType, int axes)
    {
        var (array, path) = FileAt(place);
        var file = OpenFile(array, path);
        try
        {
            var header = NpyFile.Read(file, path);
            var isSwapped = header.DType[0] == '>' && header.DType[1..] == dType[1..];
            if ((header.DType[1..] != dType[1..] || !(isSwapped || header.DType[0] != '>')) || !header.Shape.SequenceEqual(array.Shape) || (axes > 0 && header.Shape.Count != axes))
            {
                throw new EndpointException(
                    $"{path} has the shape ({string.Join(", ", header.Shape)}) of {header.DType}, and ({string.Join(", ", array.Shape)}) of {dType} is expected" +
                    (axes > 0 && array.Shape.Count != axes ? $" with {axes} axes" : ""));
            }

            return (file, header, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a value within another.</summary>
    /// <param name="json">Its JSON.</param>
    /// <param name="declared">The type that is wanted.</param>
    /// <exception cref="EndpointException">It does not fit.</exception>
    public object? Read(JsonElement json, Type declared)
    {
        Options.CancellationToken.ThrowIfCancellationRequested();
        // The value may be nested as deep as its JSON.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var wanted = Nullable.GetUnderlyingType(declared) ?? declared;
        if (json.ValueKind == JsonValueKind.Null)
        {
            return !declared.IsValueType || wanted != declared ? null : throw new EndpointException($"{TypeText.Of(declared)} cannot be null");
        }

        object value;
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("$codec", out var name))
        {
            value = _codecs.Named(name.GetString()).Decode(json.GetProperty("$value"), wanted, this);
        }
        else if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("$type", out var typeName))
        {
            var type = TypeNames.Read(typeName, wanted, Options.FindType);
            CheckMade(type, wanted);
            value = ReadParts(json.GetProperty("$value"), type);
        }
        else
        {
            var type = Collections.StandFor(wanted) ?? wanted;
            CheckMade(type, wanted);
            value = ReadParts(json, type);
        }

        return wanted.IsInstanceOfType(value) ? value : throw new EndpointException($"{TypeText.Of(value.GetType())} arrived and {TypeText.Of(wanted)} is wanted");
    }

    /// <summary>Reads all of an array of numbers.</summary>
    /// <param name="place">Its place in <see cref="JobValue.Arrays"/>.</param>
    /// <param name="number">The type of its numbers.</param>
    /// <param name="axes">Number of axes that it must have; 0 for any.</param>
    public Array ReadArray(JsonElement place, NumberType number, int axes)
    {
        var (file, header, path) = OpenArray(place, number.DType, axes);
        using (file)
        {
            if (header.Shape.Count == 0 || header.Shape.Any(n => n > Array.MaxLength) || NpyFile.CountOf(header.Shape, number.Size, path) > Array.MaxLength)
            {
                throw new EndpointException($"{path} has the shape ({string.Join(", ", header.Shape)}), more than an array in memory can have");
            }

            var array = ArrayMaker.Make(number.Type, header.Shape);
            ReadElements(file, header, array, number, path);
            return array;
        }
    }

    private static FileStream OpenFile(JobArray array, string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EndpointException($"{path} cannot be read: {e.Message}", e);
        }

        if (file.Length == array.Bytes)
        {
            return file;
        }

        var length = file.Length;
        file.Dispose();
        throw new EndpointException($"{path} has {length} bytes and should have {array.Bytes}: fetch it again");
    }

    private void ReadElements(FileStream file, NpyFile header, Array array, NumberType number, string path)
    {
        const int Piece = 1 << 26;
        var all = array.LongLength * number.Size;
        for (long done = 0; done < all; done += Piece)
        {
            Options.CancellationToken.ThrowIfCancellationRequested();
            var bytes = NpyFile.BytesOf(array, done, (int)Math.Min(Piece, all - done));
            header.ReadElements(file, bytes, path);
            if (number.Type == typeof(bool) && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                throw new EndpointException($"{path} has truth values that are neither true nor false");
            }
        }
    }

    private void CheckMade(Type type, Type wanted)
    {
        if (!_made.Add((type, wanted)))
        {
            return;
        }

        if (!wanted.IsAssignableFrom(type))
        {
            throw new EndpointException($"{TypeText.Of(type)} arrived and {TypeText.Of(wanted)} is wanted");
        }

        var refusal = _codecs.Refusal(type) ?? (type == typeof(object) || type.IsAbstract ? $"{TypeText.Of(type)} says nothing of what the value is" : null);
        if (refusal is not null)
        {
            throw new EndpointException(refusal);
        }
    }
}
