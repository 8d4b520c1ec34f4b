using Beamline.Notebook;

namespace Beamline.Extension.Tests;

/// <summary>A notebook with some variables that runs nothing.</summary>
internal sealed class FakeContext(params (string Name, object? Value)[] variables) : INotebookContext
{
    public List<string> Lines { get; } = [];

    public List<string> Ran { get; } = [];

    public List<object?> Shown { get; } = [];

    /// <summary>What code gives when it is run.</summary>
    public object? Result { get; init; }

    public CancellationToken CancellationToken => default;

    public string WorkingFolder => "/";

    public IReadOnlyList<MagicDescriptor> Commands => [.. Registered.Instance.Commands.Select(c => c.Descriptor)];

    public IReadOnlyList<NotebookVariable> Variables =>
        [.. variables.Select(v => new NotebookVariable(v.Name, v.Value?.GetType() ?? typeof(object), v.Value))];

    public string Text => string.Join('\n', Lines);

    /// <summary>Runs a line as the kernel does: finds the command, checks the arguments, invokes it.</summary>
    public async Task<FakeContext> Run(string line)
    {
        var command = MagicParser.Find(line, Registered.Instance.Commands);
        await command.InvokeAsync(MagicParser.Parse(line, command.Descriptor), this);
        return this;
    }

    /// <summary>The C# of a line.</summary>
    public async Task<string> Code(string line)
    {
        Lines.Clear();
        await Run(line + " --show-code");
        Assert.Empty(Ran);
        return Text;
    }

    /// <summary>The message that a line is refused with.</summary>
    public async Task<string> Refused(string line) => (await Assert.ThrowsAsync<MagicException>(() => Run(line))).Message;

    public NotebookVariable? FindVariable(string name) => Variables.FirstOrDefault(v => v.Name == name);

    public Task<object?> RunCodeAsync(string code)
    {
        Ran.Add(code);
        return Task.FromResult(Result);
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

        public void Update(object? value)
        {
        }
    }
}
