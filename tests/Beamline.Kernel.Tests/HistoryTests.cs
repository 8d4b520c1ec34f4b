using System.Text.Json.Nodes;

namespace Beamline.Kernel.Tests;

public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("data/history.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sessions_follow_each_other_and_can_be_asked_for()
    {
        Session(("var a = 1;", null), ("a", "1"));
        Session(("b", "2"));
        using var third = new CellHistory(new HistoryFile(Path));
        third.Add(1, "c");
        Assert.Equal("""[[1,2,"a"],[2,1,"b"],[3,1,"c"]]""", Ask(third, ("hist_access_type", "tail"), ("n", 3)));
        Assert.Equal("""[[1,2,["a","1"]],[2,1,["b","2"]],[3,1,["c",null]]]""", Ask(third, ("hist_access_type", "tail"), ("n", 3), ("output", true)));
        Assert.Equal("""[[3,1,"c"]]""", Ask(third, ("hist_access_type", "range"), ("session", 0)));
        Assert.Equal("""[[2,1,"b"]]""", Ask(third, ("hist_access_type", "range"), ("session", -1)));
        Assert.Equal("""[[1,2,"a"]]""", Ask(third, ("hist_access_type", "range"), ("session", 1), ("start", 2), ("stop", 9)));
        Assert.Equal("""[[1,1,"var a = 1;"],[1,2,"a"]]""", Ask(third, ("hist_access_type", "search"), ("pattern", "*a*")));
    }

    [Fact]
    public void Search_finds_each_text_once_when_asked()
    {
        Session(("x*2", null), ("y", null), ("x*2", null));
        using var history = new CellHistory(new HistoryFile(Path));
        Assert.Equal("""[[1,1,"x*2"],[1,3,"x*2"]]""", Ask(history, ("hist_access_type", "search"), ("pattern", "x*")));
        Assert.Equal("""[[1,3,"x*2"]]""", Ask(history, ("hist_access_type", "search"), ("pattern", "x*"), ("unique", true)));
        Assert.Equal("""[[1,3,"x*2"]]""", Ask(history, ("hist_access_type", "search"), ("pattern", "x*"), ("n", 1)));
        Assert.Equal("[]", Ask(history, ("hist_access_type", "search"), ("pattern", "x*"), ("n", -5)));
    }

    [Fact]
    public void The_file_is_for_the_user_alone_also_when_it_was_not()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix modes.");
            return;
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        File.WriteAllText(Path, "");
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Session(("secret", null));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public void A_long_file_is_shortened_to_its_newer_half()
    {
        using (var history = new CellHistory(new HistoryFile(Path, 100_000)))
        {
            for (var i = 1; i <= 200; i++)
            {
                history.Add(i, new string('x', 1000) + i);
            }
        }

        using var next = new CellHistory(new HistoryFile(Path, 100_000));
        next.Open();
        Assert.InRange(new FileInfo(Path).Length, 20_000, 60_000);
        Assert.EndsWith("x200\"]]", Ask(next, ("n", 1)));
        Assert.Equal("[]", Ask(next, ("hist_access_type", "range"), ("session", 1), ("start", 1), ("stop", 100)));
        next.Add(1, "new");
        Assert.Equal("""[[2,1,"new"]]""", Ask(next, ("n", 1)));
    }

    [Fact]
    public void Broken_lines_are_passed_over()
    {
        Session(("good", null));
        File.AppendAllText(Path, "{\"session\":1,\"li\nnot json\n[]\n{\"session\":\"x\",\"line\":1}\n{}\n");
        using var history = new CellHistory(new HistoryFile(Path));
        Assert.Equal("""[[1,1,"good"]]""", Ask(history));
    }

    [Fact]
    public void Kernels_that_start_together_get_numbers_of_their_own()
    {
        var histories = Enumerable.Range(0, 8).Select(_ => new CellHistory(new HistoryFile(Path))).ToArray();
        Parallel.ForEach(histories, history =>
        {
            for (var i = 1; i <= 50; i++)
            {
                history.Add(i, $"cell {i}");
            }
        });
        Array.ForEach(histories, h => h.Dispose());
        using var all = new CellHistory(new HistoryFile(Path));
        var entries = JsonNode.Parse(Ask(all))!.AsArray();
        Assert.Equal(400, entries.Count);
        Assert.Equal(8, entries.Select(e => (int)e![0]!).Distinct().Count());
    }

    [Fact]
    public void A_place_that_cannot_be_written_costs_only_the_history_of_other_sessions()
    {
        _folder.Write("file", "");
        using var history = new CellHistory(new HistoryFile(_folder.File("file/below.jsonl")));
        history.Add(1, "works");
        Assert.Equal("""[[1,1,"works"]]""", Ask(history));
    }

    private void Session(params (string Input, string? Output)[] cells)
    {
        using var history = new CellHistory(new HistoryFile(Path));
        for (var i = 0; i < cells.Length; i++)
        {
            history.Add(i + 1, cells[i].Input);
            if (cells[i].Output is { } output)
            {
                history.AddOutput(i + 1, output);
            }
        }
    }

    private static string Ask(CellHistory history, params (string Name, JsonNode Value)[] options) => history.Answer(new JupyterMessage
    {
        Identities = [], HeaderBytes = [], Header = [], Metadata = [], Buffers = [],
        Content = new JsonObject(options.Select(o => KeyValuePair.Create<string, JsonNode?>(o.Name, o.Value))),
    }).ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
