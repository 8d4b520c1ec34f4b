using Beamline.Kernel;

namespace Beamline.Notebooks.Tests;

/// <summary>A result of a sent cell is an input of the next one: fetched when it is needed, and no byte of it goes back.</summary>
[Collection("Notebook runs")]
public sealed class SentAgainTests : IDisposable
{
    private readonly CellRuns _cells = new();

    public void Dispose() => _cells.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData(" --lazy")]
    public async Task A_result_that_goes_back_to_its_endpoint_needs_no_bytes(string option)
    {
        // Another seed each time: nothing is there from before.
        await _cells.Run($"#!remote local{option}\nvar noise = new float[100_000]; var random = new Random({option.Length}); for (var i = 0; i < noise.Length; i++) noise[i] = random.NextSingle();\nvar volume = new Volume(10, 100, 100); volume[3, 0, 7] = noise[0];");
        var line = Line(await _cells.Run("#!remote local\nvar sum = noise.Sum() + volume.Slice(3)[7];\nvar twice = noise.Select(n => 2 * n).ToArray();"));
        Assert.Matches("; sent 0 bytes of 78[0-9.]* KiB", line);
        await _cells.Run("if (sum != noise.Sum() + volume.Slice(3)[7] || twice[5] != 2 * noise[5]) throw new Exception(\"wrong\");");
    }

    private static string Line(NotebookCell cell) => (string)cell.Outputs.Single(o => o!["metadata"]?["beamline"]?["job"] is not null)!["data"]!["text/plain"]!;
}
