using System.Text.RegularExpressions;

namespace Beamline.Kernel.Tests;

/// <summary>500 cells that nobody wrote: whole, cut, mixed and spoiled pieces of C#.</summary>
public sealed partial class RandomCellsTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "var x = 1;", "var y = x + 2;", "int F(int n) => n * 2;", "F(3)", "for (var i = 0; i < 3; i++) { }", "while (true) { break; }",
        "if (x > 1) { y = 2; } else { y = 3; }", "class A { public int P { get; set; } }", "new A { P = 3 }.P", "record R(int X);",
        "try { x++; } catch (Exception e) { y = e.Message.Length; } finally { x--; }", "Func<int, int> f = a => a + 1;",
        "var q = from a in new[] { 1, 2 } where a > 1 select a;", "await Task.Yield();", "foreach (var z in q) Console.Write(z);",
        "switch (x) { case 1: break; default: goto case 1; }", "x switch { 1 => \"a\", _ => \"b\" }", "$\"{x:0.0} {y}\"", "#nullable enable",
        "#if A", "#endif", "// comment", "/* open", "\"unclosed", "\"\"\"", "}", "{", ")", "(", "]", "=>", "::", "@", "$", "\\", "yield return 1;",
        "using System.Text;", "namespace N { }", "unsafe { int* p = null; }", "return 5;", "throw new Exception(\"t\");", "checked(x * y)",
        "new string('a', 3)[5]", "((object)null).ToString()", "int.Parse(\"x\")", "static T Id<T>(T t) => t;", "Id<int>(\"a\")", "1 / (x - x)", "0x", "1e999",
        "\u00e4\u00f6 = 1;", "\ud83d\ude00", "\0", "#r \"nothing.dll\"", "goto nowhere;", "async void V() { await Task.Yield(); }", "delegate void D();",
        "static class E { extension(int i) { public int Next => i + 1; } }", "x.Next", "static class M { public static int Twice(this int i) => 2 * i; }",
        "namespace N.M;", "namespace N { class In { } }", "new N.In()", "static class S { extension(", "file class H { }",
    ];

    private readonly TestKernel _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public async Task The_session_survives_and_every_error_names_a_line_of_the_cell()
    {
        var random = new Random(20_1895);
        var (ran, rejected, failed) = (0, 0, 0);
        for (var i = 0; i < 500; i++)
        {
            var code = Cell(random);
            var (outcome, _) = await _kernel.RunAsync(code, TimeSpan.FromSeconds(60));
            if (outcome.Error is not { } error)
            {
                ran++;
                continue;
            }

            Assert.True(outcome.Status == CellStatus.Failed, $"{outcome.Status}: {error.Message}\n{code}");
            if (error.Name == "CompilationError")
            {
                rejected++;
                Assert.Matches(Place(), error.Message);
                var line = int.Parse(Place().Match(error.Message).Groups[1].ValueSpan, null);
                Assert.InRange(line, 1, code.ReplaceLineEndings("\n").Split('\n').Length);
            }
            else
            {
                failed++;
            }
        }

        Assert.Equal("2", await _kernel.TextAsync("1 + 1"));

        // All three kinds came: otherwise the cells would not have tried what they are for.
        Assert.True(ran > 30 && rejected > 100 && failed > 5, $"{ran} ran, {rejected} were rejected, {failed} failed");
    }

    private static string Cell(Random random)
    {
        var parts = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]);
        var text = string.Join(random.Next(3) == 0 ? " " : "\n", random.Next(3) == 0 ? parts.Prepend("var x = 1; var y = 2;") : parts);
        if (random.Next(4) == 0 && text.Length > 2)
        {
            var at = random.Next(text.Length);
            text = random.Next(3) switch
            {
                0 => text[..at],
                1 => text.Remove(at, Math.Min(text.Length - at, random.Next(1, 8))),
                _ => text.Insert(at, ((char)random.Next(1, 0x250)).ToString()),
            };
        }

        return text;
    }

    [GeneratedRegex(@"^line (\d+), column \d+: [A-Z]+\d+: .")]
    private static partial Regex Place();
}
