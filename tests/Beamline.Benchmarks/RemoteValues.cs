using System.Diagnostics;
using System.Runtime.InteropServices;
using Beamline.Arrays;
using Beamline.Remote;

namespace Beamline.Benchmarks;

/// <summary>What the envelope adds to writing and reading an array: hashing, the store, taking apart and putting together.</summary>
internal static class RemoteValues
{
    private const int Slices = 256;

    private const int Edge = 512;

    private const int Rounds = 7;

    public static IEnumerable<BenchRow> Rows()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-values-").FullName;
        try
        {
            using var volume = new Volume(Slices, Edge, Edge);
            var random = new Random(1);
            for (var z = 0; z < Slices; z++)
            {
                random.NextBytes(MemoryMarshal.AsBytes(volume.Slice(z)));
            }

            // One round of each in turn: the machine drifts, their ratio does not.
            var (plain, journey, mapped, second, hash) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                plain.Add(Seconds(() => Plain(volume, Path.Combine(folder, "plain.npy"))));
                journey.Add(Seconds(() => InAndOut(volume, Path.Combine(folder, "j"), new DecodeOptions())));
                mapped.Add(Seconds(() => InAndOut(volume, Path.Combine(folder, "m"), new DecodeOptions { Map = true })));
                hash.Add(Seconds(() => new ValueCodecs().Encode("v", "Volume", typeof(Volume), volume)));
                second.Add(Again(volume, Path.Combine(folder, "s")));
            }

            var bytes = volume.Memory.ByteLength;
            var ratio = Median(journey.Zip(plain, (j, p) => j / p));
            yield return new BenchRow
            {
                Name = "256 MiB volume in and out through the envelope over writing and reading it as .npy", Value = ratio, Unit = "times", Comparison = "<=", Bar = 2.5,
                Note = $"write+hash, read, write+hash, read: {Median(journey):0.000} s; plain write+read {Median(plain):0.000} s",
            };
            yield return new BenchRow { Name = "The same with both ends mapping the file", Value = Median(mapped.Zip(plain, (j, p) => j / p)), Unit = "times", Note = $"{Median(mapped):0.000} s; the pages are touched once" };
            yield return new BenchRow { Name = "Hashing a 256 MiB volume where it lies", Value = bytes / Median(hash) / 1e9, Unit = "GB/s" };
            yield return new BenchRow { Name = "Bytes that a second run with the same 256 MiB writes", Value = second.Max(), Unit = "bytes", Comparison = "<=", Bar = 0 };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Plain(Volume volume, string path)
    {
        var content = Floats.Content(volume.Memory, Slices, Edge, Edge);
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0))
        {
            content.WriteTo(file);
        }

        using var read = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        var header = NpyFile.Read(read, path);
        using var memory = ArrayMemory.Allocate<float>(volume.Memory.Length);
        for (var z = 0; z < Slices; z++)
        {
            header.ReadElements(read, MemoryMarshal.AsBytes(memory.Span((long)z * Edge * Edge, Edge * Edge)), path);
        }

        read.Dispose();
        File.Delete(path);
    }

    private static void InAndOut(Volume volume, string folder, DecodeOptions options)
    {
        var codecs = new ValueCodecs();
        var store = new ArrayStore(Path.Combine(folder, "store"));
        var sent = codecs.Encode("v", "Volume", typeof(Volume), volume, store).Value;
        using var there = (Volume)codecs.Decode(sent, typeof(Volume), a => store.PathOf(a.Sha256), options)!;
        // The cell changes something: what comes back is not what went.
        there[0, 0, 0] += 1;
        var sink = new OutputFolderSink(Path.Combine(folder, "out"));
        var result = codecs.Encode("v", "Volume", typeof(Volume), there, sink).Value;
        using var back = (Volume)codecs.Decode(result, typeof(Volume), a => Path.Combine(folder, "out", OutputFolderSink.NameOf(a)), options)!;
        // Reading into memory has touched every page; mapping has not.
        for (var z = 0; options.Map && z < Slices; z++)
        {
            _ = back.Slice(z).IndexOf(float.NegativeZero);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static double Again(Volume volume, string folder)
    {
        var store = new ArrayStore(folder);
        store.Add(new ValueCodecs().Encode("v", "Volume", typeof(Volume), volume).Arrays[0]);
        var written = store.Add(new ValueCodecs().Encode("v", "Volume", typeof(Volume), volume).Arrays[0]);
        Directory.Delete(folder, recursive: true);
        return written;
    }

    private static double Seconds(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    // The first round warms up.
    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Skip(1).Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
