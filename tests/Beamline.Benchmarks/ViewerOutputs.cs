using System.Diagnostics;
using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Display;
using Beamline.Notebook;

namespace Beamline.Benchmarks;

/// <summary>How long an output with a viewer takes to make, how large it is, and how quickly the kernel answers a viewer.</summary>
internal static class ViewerOutputs
{
    private const int Huge = 2048;

    internal static IEnumerable<BenchRow> Rows()
    {
        using var volume = NoisyVolume();
        var image = NoisyImage();
        IEnumerable<IEnumerable<BenchRow>> parts =
        [
            Output("256^3 volume with noise", volume, 1), Output("2048x2048 image of noise", image, 1), ViewerPages.Rows(volume, image), OnDisk(),
        ];
        foreach (var row in parts.SelectMany(part => part))
        {
            yield return row;
        }
    }

    private static Volume NoisyVolume()
    {
        var random = new Random(3);
        var volume = new Volume(256, 256, 256) { VoxelSize = VoxelSize.Cube(Length.FromMicrometers(0.65)) };
        for (var z = 0; z < 256; z++)
        {
            for (var y = 0; y < 256; y++)
            {
                foreach (ref var value in volume.Row(z, y))
                {
                    value = (Math.Sin(z * 0.1) + Math.Sin(y * 0.13) > 0 ? 1 : 0) + (0.2f * random.NextSingle());
                }
            }
        }

        return volume;
    }

    private static Image NoisyImage()
    {
        var random = new Random(4);
        var image = new Image(Huge, Huge);
        foreach (ref var value in image.Values)
        {
            value = 1000 + (30 * random.NextSingle());
        }

        return image;
    }

    private static IEnumerable<BenchRow> Output(string name, object value, double bar)
    {
        var formatter = new ArrayFormatter();
        var watch = Stopwatch.StartNew();
        var bundle = formatter.Format(value);
        var first = watch.Elapsed.TotalSeconds;
        yield return new BenchRow
        {
            Name = $"Output of a {name}", Value = Machine.LeastSeconds(3, () => formatter.Format(value)), Unit = "s", Comparison = "<=", Bar = bar,
            Note = $"picture, preview and script; the first one of a process took {first:0.00} s",
        };
        var bytes = bundle.Parts.Values.Sum(part => part is byte[] png ? (png.LongLength + 2) / 3 * 4 : part is string text ? text.Length : 0);
        yield return new BenchRow { Name = $"Saved output of a {name}", Value = bytes / 1e6, Unit = "MB", Comparison = "<=", Bar = 2 };
    }

    private static IEnumerable<BenchRow> OnDisk()
    {
        var path = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.raw");
        const long Count = (long)Huge * Huge * Huge;
        try
        {
            // A file that takes no room: what is measured is everything but the disk.
            using (var file = File.Create(path))
            {
                file.SetLength(Count * sizeof(float));
            }

            using var volume = new Volume(Huge, Huge, Huge, ArrayMemory.OpenMapped<float>(path, Count));
            var target = new ViewerComm();
            target.Listening();
            var before = ResidentMegabytes();
            var watch = Stopwatch.StartNew();
            var html = volume.View().Html;
            var shown = watch.Elapsed.TotalSeconds;
            var peak = ResidentMegabytes() - before;
            yield return new BenchRow { Name = "Output of a 2048^3 volume on disk", Value = shown, Unit = "s", Note = "a file of holes" };
            var at = html.IndexOf("\"live\":", StringComparison.Ordinal) + 7;
            var id = JsonNode.Parse(html[at..(html.IndexOf('}', at) + 1)])!["id"]!.GetValue<string>();
            var comm = new Answers();
            target.Opened(comm, CommMessage.Of(new JsonObject { ["id"] = id }));
            foreach (var (name, normal, rows, columns) in new[] { ("z", 0, 1, 2), ("y", 1, 0, 2), ("x", 2, 1, 0) })
            {
                // Both fill a panel of 512 pixels.
                foreach (var (what, from, to, step) in new[] { ("the whole of it", 0, Huge, 4), ("a part at full resolution", 768, 1280, 1) })
                {
                    var index = 0;
                    var seconds = Machine.LeastSeconds(3, () =>
                    {
                        // Another slice each time.
                        index += 97;
                        comm.Received!(CommMessage.Of(Ask(normal, rows, columns, index, from, to, step)));
                        peak = Math.Max(peak, ResidentMegabytes() - before);
                    });
                    yield return new BenchRow
                    {
                        Name = $"Slice across {name} of a 2048^3 volume on disk, {what}", Value = seconds * 1000, Unit = "ms", Comparison = "<=", Bar = 300,
                        Note = "512x512 values of a file of holes",
                    };
                }
            }

            yield return new BenchRow
            {
                Name = "Memory growth while a 2048^3 volume is browsed", Value = peak, Unit = "MB", Comparison = "<=", Bar = 300, Note = "resident set after each answer",
            };
            GC.KeepAlive(volume);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static JsonObject Ask(int normal, int rows, int columns, int index, int from, int to, int step) => new()
    {
        ["do"] = "plane", ["seq"] = 1, ["part"] = 0, ["normal"] = normal, ["rows"] = rows, ["columns"] = columns, ["index"] = index,
        ["from"] = new JsonArray(from, from), ["to"] = new JsonArray(to, to), ["step"] = step,
    };

    private static double ResidentMegabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }

    private sealed class Answers : INotebookComm
    {
        public string Id => "bench";

        public string Target => "bench";

        public bool IsOpen => true;

        public Action<CommMessage>? Received { get; set; }

        public Action<CommMessage>? Closed { get; set; }

        public void Send(JsonObject data, JsonObject? metadata = null, IReadOnlyList<byte[]>? buffers = null)
        {
            if (data["error"] is { } error)
            {
                throw new InvalidOperationException(error.ToString());
            }
        }

        public void Close(JsonObject? data = null, JsonObject? metadata = null)
        {
        }
    }
}
