using Beamline.Notebook;

namespace Beamline.Kernel.Tests;

/// <summary>A command that writes C#: <c>#!take x --as y</c> is <c>var y = x;</c>.</summary>
internal sealed class GraphExtension : INotebookExtension
{
    public string Name => "graph tests";

    public void Register(IExtensionRegistry registry) => registry.AddCommand(new TakeCommand());

    private sealed class TakeCommand : CodeMagic
    {
        public override MagicDescriptor Descriptor { get; } = new("take", "Copies a variable.",
        [
            new("source", MagicValueKind.Variable, "What to copy.") { IsPositional = true, IsRequired = true },
            new("path", MagicValueKind.Path, "A path, or @name."),
            new("as", MagicValueKind.NewVariable, "The copy.") { Default = "made" },
        ]);

        protected override MagicCode Translate(MagicArguments arguments, INotebookContext context)
        {
            var name = arguments.Required("as");
            return new MagicCode($"var {name} = {Variable(arguments, "source", context).Name};", name);
        }
    }
}
