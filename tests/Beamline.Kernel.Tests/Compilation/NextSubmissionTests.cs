using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel.Tests;

/// <summary>The compilation that is made ready while the cell before it runs.</summary>
public sealed class NextSubmissionTests
{
    private static readonly CSharpCompilation Some = CSharpCompilation.Create("some");
    private static readonly MetadataReference[] References = [SessionReferences.Of(typeof(CellGuard).Assembly)];

    [Fact]
    public void It_is_made_once_however_many_ask()
    {
        var made = 0;
        var next = new NextSubmission(1, null, [], [], _ =>
        {
            Interlocked.Increment(ref made);
            return Some;
        });
        next.Begin();

        Parallel.For(0, 8, _ => Assert.Same(Some, next.Empty));

        Assert.Equal(1, made);
    }

    [Fact]
    public void One_that_cannot_be_made_is_done_without() =>
        Assert.Null(new NextSubmission(1, null, [], [], _ => throw new ArgumentException("errors in the one before")).Empty);

    [Fact]
    public void It_fits_only_what_it_was_made_for()
    {
        var next = new NextSubmission(1, Some, References, ["System"], _ => Some);

        Assert.True(next.Fits(Some, [.. References], ["System"]));
        Assert.False(next.Fits(null, References, ["System"]));
        Assert.False(next.Fits(CSharpCompilation.Create("some"), References, ["System"]));
        Assert.False(next.Fits(Some, [], ["System"]));
        Assert.False(next.Fits(Some, References, ["System", "System.IO"]));
    }

    [Fact]
    public async Task Cells_that_fail_in_between_leave_the_next_one_as_it_was()
    {
        var session = new CSharpSession([], []);
        await Run("var x = 1;");
        var (_, _, errors) = await Run("var y = nowhere;");
        Assert.Single(errors);
        Assert.Equal(1, (await Run("x")).Value);
        Assert.IsType<DivideByZeroException>((await Run("var z = 1 / (x - 1);")).Exception);
        Assert.Equal(3, (await Run("x + 2")).Value);
        session.AddUsings(["System.Text.RegularExpressions"]);
        Assert.Equal(true, (await Run("Regex.IsMatch(\"a1\", @\"\\d\")")).Value);
        session.Reset();
        Assert.Single((await Run("x")).Errors);
        Assert.Equal(5, (await Run("var x = 5; x")).Value);

        Task<SubmissionOutcome> Run(string code) => session.RunAsync(code, "cell", code, CancellationToken.None);
    }

    [Fact]
    public async Task Submissions_of_one_process_have_names_of_their_own()
    {
        var session = new CSharpSession([], []);
        var names = new List<string?>();
        foreach (var code in (string[])["var a = 1;", "a +", "a + 1", "// nothing", "throw new Exception();", "a + 2"])
        {
            await session.RunAsync(code, "cell", code, CancellationToken.None);
            names.Add(session.LastCompilation?.AssemblyName);
        }

        // The second did not compile, so the first is the last one still.
        Assert.Equal(5, names.Distinct().Count());
        Assert.Equal(names[0], names[1]);
    }

    [Fact]
    public void Libraries_that_only_forward_are_named_where_somebody_needs_them()
    {
        var names = SessionReferences.For([]).Select(r => Path.GetFileNameWithoutExtension(r.Display!)).ToHashSet();

        Assert.Contains("System.Private.CoreLib", names);
        Assert.Contains("System.Runtime", names);
        Assert.Contains("System.Data.Common", names);
        Assert.DoesNotContain("System.Data", names);
        Assert.DoesNotContain("WindowsBase", names);
    }

    [Fact]
    public void A_file_of_a_user_brings_what_it_needs_of_the_framework()
    {
        var path = typeof(NetMQ.NetMQMessage).Assembly.Location;
        var names = SessionReferences.Of([path]).Select(r => Path.GetFileNameWithoutExtension(r.Display!)).ToArray();

        Assert.Equal("NetMQ", names[0]);
        Assert.Contains("System.Runtime", names);

        // One that comes with this program: a package may bring its own version.
        Assert.DoesNotContain("AsyncIO", names);
    }

    [Fact]
    public void A_file_that_is_no_library_is_left_to_the_compiler()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "no library");
            Assert.Single(SessionReferences.Of([path]));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
