using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary>The commands that users of .NET Interactive know, under their names.</summary>
internal static class CompatibilityCommands
{
    public static IReadOnlyList<IMagicCommand> All { get; } =
    [
        new AboutCommand(), new WhosCommand(), new SetCommand(), new ShareCommand(), new ValueCommand(), new ImportCommand(),
        new EnvironmentCommand(), new RestartCommand(), new CSharpCommand(), .. TextLanguageCommand.All,
    ];
}
