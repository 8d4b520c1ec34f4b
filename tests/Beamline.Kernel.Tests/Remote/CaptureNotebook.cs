using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Kernel.Tests;

/// <summary>A notebook whose cells are taken apart, and a worker that puts them together again in a session of its own.</summary>
internal sealed class CaptureNotebook(params INotebookExtension[] extensions) : IDisposable
{
    private static int _made;

    public TestKernel Kernel { get; } = new(extensions);

    public static async Task<CaptureNotebook> WithAsync(params string[] cells)
    {
        var notebook = new CaptureNotebook();
        foreach (var cell in cells)
        {
            await notebook.Kernel.TextAsync(cell);
        }

        return notebook;
    }

    public ICellCapture Capturer => Kernel.Kernel.Services.OfType<ICellCapture>().Single();

    public CapturedCell Capture(string code, int linesBefore = 0, (string, string)? map = null) =>
        Capturer.Capture(code, new CaptureOptions("sent cell") { LinesBefore = linesBefore, Map = map });

    public string Refused(string code, (string, string)? map = null) => Assert.Throws<MagicException>(() => Capture(code, 0, map)).Message;

    /// <summary>Runs a captured cell in a fresh kernel, whose inputs are the same objects.</summary>
    public static async Task<TestKernel> ReplayAsync(CapturedCell cell, params INotebookExtension[] extensions)
    {
        var worker = new TestKernel(extensions);
        var run = Interlocked.Increment(ref _made);
        if (cell.Usings.Count > 0)
        {
            await worker.TextAsync(string.Join('\n', cell.Usings.Select(u => $"using {u};")));
        }

        foreach (var part in cell.Prelude)
        {
            foreach (var name in part.Inputs)
            {
                var input = cell.Inputs.Single(i => i.Name == name);
                AppDomain.CurrentDomain.SetData($"capture {run} {name}", input.Value);
                await worker.TextAsync($"{input.TypeName} @{name.Split('.')[0]} = ({input.TypeName})AppDomain.CurrentDomain.GetData(\"capture {run} {name}\")!;");
                AppDomain.CurrentDomain.SetData($"capture {run} {name}", null);
            }

            if (part.Code.Length > 0)
            {
                await worker.TextAsync(part.Code);
            }
        }

        await worker.TextAsync(cell.Source);
        return worker;
    }

    public void Dispose() => Kernel.Dispose();
}
