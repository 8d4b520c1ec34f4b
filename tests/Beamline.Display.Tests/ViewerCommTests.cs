using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Beamline.Arrays;
using Beamline.Notebook;

namespace Beamline.Display.Tests;

/// <summary>Tests that let outputs name a kernel, and those that need outputs without one, do not run at once.</summary>
[CollectionDefinition("Live arrays", DisableParallelization = true)]
public class LiveArraysGroup;

/// <summary>What a viewer can ask for, and what wrong questions get.</summary>
[Collection("Live arrays")]
public sealed class ViewerCommTests : IDisposable
{
    private readonly Volume _volume = new(6, 9, 11);
    private readonly string _id;

    public ViewerCommTests()
    {
        for (var i = 0; i < _volume.Memory.Length; i++)
        {
            _volume.Memory.Span(i, 1)[0] = i;
        }

        new ViewerComm().Listening();
        _id = LiveArrays.Add([_volume])!;
    }

    public void Dispose()
    {
        LiveArrays.IsListening = false;
        _volume.Dispose();
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void A_part_of_any_cut_has_the_voxels_of_the_volume(int normal, int rows, int columns)
    {
        int[] shape = [6, 9, 11];
        var (data, values) = Ask($$"""{"do":"plane","seq":3,"part":0,"normal":{{normal}},"rows":{{rows}},"columns":{{columns}},"index":4,"from":[1,2],"to":[{{shape[rows]}},5],"step":1}""");
        Assert.Equal((3, shape[rows] - 1, 3), ((int)data["seq"]!, (int)data["rows"]!, (int)data["columns"]!));
        for (var r = 0; r < shape[rows] - 1; r++)
        {
            for (var c = 0; c < 3; c++)
            {
                var at = new int[3];
                (at[normal], at[rows], at[columns]) = (4, r + 1, c + 2);
                Assert.Equal(_volume[at[0], at[1], at[2]], values[(r * 3) + c]);
            }
        }
    }

    [Fact]
    public void A_coarse_slice_has_the_means_of_its_blocks()
    {
        var (data, values) = Ask("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":2,"from":[0,0],"to":[9,11],"step":2}""");
        Assert.Equal((5, 6, 30), ((int)data["rows"]!, (int)data["columns"]!, (int)data["count"]!));
        Assert.Equal((_volume[2, 2, 4] + _volume[2, 2, 5] + _volume[2, 3, 4] + _volume[2, 3, 5]) / 4, values[(1 * 6) + 2]);
        Assert.Equal(_volume[2, 8, 10], values[^1]);
    }

    [Fact]
    public void A_profile_has_its_ends_and_lies_straight_between_voxels()
    {
        var (_, values) = Ask("""{"do":"profile","seq":1,"normal":0,"rows":1,"columns":2,"index":5,"from":[0,0],"to":[8,6]}""");
        Assert.Equal(11, values.Length);
        Assert.Equal((_volume[5, 0, 0], _volume[5, 4, 3], _volume[5, 8, 6]), (values[0], values[5], values[10]));
        // 11 a row and 1 a column: a plane, on which straight lines are exact.
        Assert.Equal(_volume[5, 0, 0] + (0.8 * 11) + 0.6, values[1], 1e-3);
    }

    [Theory]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":1,"index":0,"from":[0,0],"to":[1,1],"step":1}""", "each axis once")]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":6,"from":[0,0],"to":[1,1],"step":1}""", "leaves the array")]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":0,"from":[0,0],"to":[10,1],"step":1}""", "leaves the array")]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":0,"from":[5,0],"to":[5,1],"step":1}""", "leaves the array")]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":0,"from":[0,0],"to":[1,1],"step":0}""", "leaves the array")]
    [InlineData("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":0,"from":"x","to":[1,1],"step":1}""", "not two numbers")]
    [InlineData("""{"do":"dance","seq":1}""", "does not know")]
    [InlineData("""{"seq":1}""", "does not know")]
    [InlineData("""{"do":"hello","seq":1,"part":4}""", "no longer in memory")]
    public void Wrong_questions_get_a_reason(string asked, string why)
    {
        var answer = ViewerComm.Answer(_id, (JsonObject)JsonNode.Parse(asked)!);
        Assert.Contains(why, (string)answer.Data["error"]!);
        Assert.Equal(1, (int)answer.Data["seq"]!);
    }

    [Fact]
    public void A_disposed_array_and_an_unknown_one_get_a_reason()
    {
        Assert.Contains("no longer in memory", (string)ViewerComm.Answer("other", (JsonObject)JsonNode.Parse("""{"do":"hello"}""")!).Data["error"]!);
        _volume.Dispose();
        Assert.Contains("disposed", (string)ViewerComm.Answer(_id, (JsonObject)JsonNode.Parse(
            """{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":0,"from":[0,0],"to":[1,1],"step":1}""")!).Data["error"]!);
    }

    [Fact]
    public void Flat_arrays_and_stacks_answer_too()
    {
        using var stack = Samples.Disks(5, 6, 7);
        var image = Samples.Ramp(4, 5);
        foreach (var (array, index, expected) in new (object, int, float)[]
        {
            (image, 0, image[2, 3]), (stack, 3, stack.Projection(3)[2, 3]), (stack.Sinogram(1), 0, stack.Sinogram(1).Row(2)[3]),
        })
        {
            var id = LiveArrays.Add([array])!;
            var answer = ViewerComm.Answer(id, (JsonObject)JsonNode.Parse(
                $$"""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":{{index}},"from":[2,3],"to":[3,4],"step":1}""")!);
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(answer.Buffers[0])[0]);
        }
    }

    [Fact]
    public void An_output_names_the_kernel_only_while_a_front_end_listens()
    {
        Assert.NotNull(Payload.Of(_volume.View())["live"]);
        LiveArrays.IsListening = false;
        Assert.Null(Payload.Of(_volume.View())["live"]);
    }

    [Fact]
    public void Of_3_GB_in_a_file_the_viewer_gets_the_last_voxels_exactly()
    {
        const long Length = 800L * 1000 * 1000;
        var path = Path.Combine(Path.GetTempPath(), $"beamline-{Guid.NewGuid():N}.raw");
        try
        {
            using (var file = File.Create(path))
            {
                file.SetLength(Length * sizeof(float));
                file.Seek(-2 * sizeof(float), SeekOrigin.End);
                file.Write(MemoryMarshal.AsBytes<float>([1.25f, -7]));
            }

            using var volume = new Volume(800, 1000, 1000, ArrayMemory.OpenMapped<float>(path, Length));
            var id = (string)Payload.Of(volume.View())["live"]!["id"]!;
            foreach (var (message, expected) in new[]
            {
                ("""{"do":"plane","seq":1,"normal":0,"rows":1,"columns":2,"index":799,"from":[999,997],"to":[1000,1000],"step":1}""", new[] { 0, 1.25f, -7 }),
                ("""{"do":"profile","seq":1,"normal":0,"rows":1,"columns":2,"index":799,"from":[999,998],"to":[999,999]}""", [1.25f, -7]),
            })
            {
                var answer = ViewerComm.Answer(id, (JsonObject)JsonNode.Parse(message)!);
                Assert.Null(answer.Data["error"]);
                Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(answer.Buffers[0]).ToArray());
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Showing_an_array_again_and_again_leaves_one_name_and_none_when_it_is_gone()
    {
        // The first lets go of what other tests have shown.
        _ = _volume.View();
        var before = LiveArrays.Count;
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(_id, (string)Payload.Of(_volume.View())["live"]!["id"]!);
        }

        Assert.InRange(LiveArrays.Count, 1, before);
        using var other = new Volume(6, 9, 11);
        Assert.NotEqual(_id, LiveArrays.Add([_volume, other]));
        Assert.NotEqual(LiveArrays.Add([_volume, other]), LiveArrays.Add([other, _volume]));

        var named = LiveArrays.Count;
        ShowImages();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Names of arrays that are gone leave when the next one comes.
        _ = LiveArrays.Add([new Image(2, 2)]);
        Assert.InRange(LiveArrays.Count, 1, named + 1);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void ShowImages()
        {
            for (var i = 0; i < 50; i++)
            {
                _ = Samples.Ramp(4, 5).View();
            }

            Assert.True(LiveArrays.Count >= 50);
        }
    }

    private (JsonObject Data, float[] Values) Ask(string json)
    {
        var answer = ViewerComm.Answer(_id, (JsonObject)JsonNode.Parse(json)!);
        Assert.Null(answer.Data["error"]);
        return (answer.Data, MemoryMarshal.Cast<byte, float>(answer.Buffers[0]).ToArray());
    }
}
