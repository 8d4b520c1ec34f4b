using Beamline.Kernel;
using Beamline.Notebook;
using Beamline.Remote;

namespace Beamline.Extension.Tests;

/// <summary>A kernel with the extension, an endpoint in memory, and a capture that the test writes.</summary>
internal sealed class RemoteSession : IDisposable
{
    private readonly DisplayIndex _displays = new();
    private NotebookKernel _kernel;
    private int _count;

    public RemoteSession() => _kernel = Start();

    public Sender Sender { get; } = new();

    public FakeEndpoint Endpoint => Sender.Endpoint;

    public NotebookKernel Kernel => _kernel;

    /// <summary>What the next cell becomes.</summary>
    public Func<string, CaptureOptions, CapturedCell> Capture { get; set; } = (code, options) => new CapturedCell { Label = options.Label, Source = code };

    public Func<string, Delegate, CapturedCell> CaptureFunction { get; set; } = (_, _) => throw new MagicException("not expected");

    /// <summary>Answers questions; null where nobody can.</summary>
    public Func<string, string?>? Answer { get; set; }

    /// <summary>A new kernel, as after kill -9: what the old one held is gone.</summary>
    public void Restart()
    {
        _kernel.Dispose();
        Sender.New();
        _kernel = Start();
    }

    public async Task<(CellOutcome Outcome, NotebookCell Cell)> RunAsync(string code, CancellationToken token = default)
    {
        var cell = new NotebookCell(NotebookCellKind.Code, code) { ExecutionCount = ++_count };
        var sink = new AnsweringSink(new OutputCollector(_displays, cell, (_, _, _) => { }), question => Answer?.Invoke(question));
        return (await _kernel.ExecuteAsync(new CellRequest(code, $"cell {_count}"), sink, token), cell);
    }

    public async Task<NotebookCell> Good(string code)
    {
        var (outcome, cell) = await RunAsync(code);
        Assert.True(outcome.Status == CellStatus.Ok, string.Join('\n', outcome.Error?.Traceback ?? []));
        return cell;
    }

    public async Task<string> Bad(string code)
    {
        var (outcome, _) = await RunAsync(code);
        Assert.Equal(CellStatus.Failed, outcome.Status);
        return outcome.Error!.Message;
    }

    /// <summary>The last value of a cell as text.</summary>
    public async Task<string> Value(string code) => Texts(await Good(code))[^1];

    /// <summary>Streams and displays in order, without the line about the job.</summary>
    public static List<string> Texts(NotebookCell cell) =>
    [
        .. cell.Outputs.Where(o => o!["metadata"]?["beamline"]?["job"] is null)
            .Select(o => (string?)o!["text"] ?? (string?)o["data"]?["text/plain"] ?? (string?)o["evalue"] ?? ""),
    ];

    /// <summary>The line about the job, as it ended.</summary>
    public static string Line(NotebookCell cell) =>
        (string)cell.Outputs.Single(o => o!["metadata"]?["beamline"]?["job"] is not null)!["data"]!["text/plain"]!;

    public void Dispose()
    {
        _kernel.Dispose();
        Sender.Dispose();
    }

    private NotebookKernel Start()
    {
        var kernel = new NotebookKernel([new BeamlineExtension(), new Doubles(this)]);
        Assert.Same(Sender.Client, kernel.Host.Shared(_ => Sender.Client));
        return kernel;
    }

    private sealed class Doubles(RemoteSession session) : INotebookExtension, ICellCapture
    {
        public string Name => "doubles";

        public void Register(IExtensionRegistry registry) => registry.AddService(this);

        public CapturedCell Capture(string code, CaptureOptions options) => session.Capture(code, options);

        public CapturedCell CaptureFunction(string lambdaSource, Delegate function, Type item, Type result, string label) => session.CaptureFunction(lambdaSource, function);
    }

    private sealed class AnsweringSink(OutputCollector inner, Func<string, string?> answer) : ICellSink
    {
        public void Stream(string name, string text) => inner.Stream(name, text);

        public void Display(MimeBundle bundle, string displayId) => inner.Display(bundle, displayId);

        public void UpdateDisplay(MimeBundle bundle, string displayId) => inner.UpdateDisplay(bundle, displayId);

        public void Result(MimeBundle bundle) => inner.Result(bundle);

        public void Error(CellError error) => inner.Error(error);

        public void Clear(bool wait) => inner.Clear(wait);

        public void Progress(Beamline.Compute.ProgressReport report, TimeSpan elapsed, bool isLast)
        {
        }

        public string? ReadLine(string prompt, bool isPassword, CancellationToken cancellationToken) =>
            answer(prompt) ?? throw new InvalidOperationException("nobody can answer");
    }
}
