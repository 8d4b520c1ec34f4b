using System.Diagnostics;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The magic commands that every notebook has.</summary>
internal static class BuiltInCommands
{
    public static IReadOnlyList<IMagicCommand> All { get; } =
    [
        new LsMagicCommand(), new WhoCommand(), new TimeCommand(), new HelpCommand(), new ErrorCommand(), new CheckCommand(),
        new DepsCommand(), new RerunCommand(), new RestartRunCommand(), new LintCommand(), new PackagesCommand(), .. CompatibilityCommands.All,
    ];

    private sealed class LsMagicCommand : IMagicCommand
    {
        public MagicDescriptor Descriptor { get; } = new("lsmagic", "Lists all magic commands.", []);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            var commands = context.Commands.OrderBy(c => c.Name, StringComparer.Ordinal).ToArray();
            var width = commands.Max(c => c.Name.Length);
            var text = string.Join('\n', commands.Select(c => $"#!{c.Name.PadRight(width)}  {c.Summary}")) +
                "\n\n#!help NAME shows the options of a command.";
            var html = HtmlTable.Of(
                ["Command", "What it does"], commands.Select(c => new[] { "#!" + c.Name, c.Summary }));
            context.Display(MimeBundle.FromHtml(html, text));
            return Task.CompletedTask;
        }
    }

    private sealed class WhoCommand : IMagicCommand
    {
        public MagicDescriptor Descriptor { get; } = new("who", "Lists the variables of the session with their types.", []);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            VariableTable.Show(context, context.Variables, ["Name", "Type"], v => [v.Name, TypeNames.Of(v.Type)]);
            return Task.CompletedTask;
        }
    }

    private sealed class TimeCommand : IMagicCommand
    {
        public MagicDescriptor Descriptor { get; } = new("time", "Times the rest of the cell.", []);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            var cell = ((CellContext)context).Cell;
            var watch = Stopwatch.StartNew();
            var processor = Environment.CpuUsage.TotalTime;
            cell.AtEnd(() =>
            {
                var (wall, used) = (watch.Elapsed, Environment.CpuUsage.TotalTime - processor);
                cell.Output.Write("stdout", $"Time: {Show(wall)} (all threads of the process: {Show(used)})\n");
            });
            return Task.CompletedTask;
        }

        private static string Show(TimeSpan time) =>
            time.TotalSeconds < 1 ? $"{time.TotalMilliseconds:0.#} ms" : $"{time.TotalSeconds:0.00} s";
    }

    private sealed class HelpCommand : IMagicCommand
    {
        public MagicDescriptor Descriptor { get; } = new("help", "Explains a magic command.",
        [
            new("name", MagicValueKind.Text, "Name of the command, with or without #!; all when not given.")
            {
                IsPositional = true,
            },
        ]);

        public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
        {
            var name = arguments.Text("name")?.TrimStart('#', '!');
            if (name is null)
            {
                return new LsMagicCommand().InvokeAsync(arguments, context);
            }

            var found = context.Commands.FirstOrDefault(c => c.Name == name) ?? throw new MagicException(
                $"There is no magic command #!{name}." +
                Suggestion.DidYouMean(name, context.Commands.Select(c => c.Name), "#!") + " #!lsmagic lists all.");
            context.WriteLine(MagicParser.Help(found).TrimEnd());
            return Task.CompletedTask;
        }
    }
}
