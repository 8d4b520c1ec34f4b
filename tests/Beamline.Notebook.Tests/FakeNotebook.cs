namespace Beamline.Notebook.Tests;

/// <summary>A notebook that keeps what it was asked to do. Running any code declares the variable "volume".</summary>
internal sealed class FakeNotebook : INotebookContext
{
    private readonly Dictionary<string, NotebookVariable> _variables = [];

    internal List<string> Lines { get; } = [];

    internal List<object?> Shown { get; } = [];

    internal List<string> Ran { get; } = [];

    internal Exception? Failure { get; init; }

    public CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public string WorkingFolder => ".";

    public IReadOnlyList<MagicDescriptor> Commands => [];

    public IReadOnlyList<NotebookVariable> Variables => [.. _variables.Values];

    internal FakeNotebook With(string name, object value)
    {
        _variables[name] = new NotebookVariable(name, value.GetType(), value);
        return this;
    }

    public NotebookVariable? FindVariable(string name) => _variables.GetValueOrDefault(name);

    public Task<object?> RunCodeAsync(string code)
    {
        Ran.Add(code);
        if (Failure is not null)
        {
            return Task.FromException<object?>(Failure);
        }

        With("volume", "Volume float32 2x3x4");
        return Task.FromResult<object?>("value of the last expression");
    }

    public IDisplayHandle Display(object? value)
    {
        Shown.Add(value);
        return new Handle();
    }

    public void WriteLine(string line) => Lines.Add(line);

    private sealed class Handle : IDisplayHandle
    {
        public string Id => "1";

        public void Update(object? value) => throw new NotSupportedException("No test here updates an output.");
    }
}
