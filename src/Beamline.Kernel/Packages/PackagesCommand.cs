using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!packages</c>: what is loaded, and locks.</summary>
internal sealed class PackagesCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("packages", "Lists the packages of the session; writes and uses locks of their versions.",
    [
        new("lock", MagicValueKind.Path, "Write the versions that are loaded to this file (a kernel cannot write into the notebook itself)."),
        new("use", MagicValueKind.Path, "Take the versions of this lock file for all further cells, and nothing else."),
    ]);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var manager = ((CellContext)context).Cell.Kernel.Packages;
        var folder = manager.NotebookFolder ?? context.WorkingFolder;
        if (arguments.Text("use") is { } used)
        {
            manager.Lock = PackageLock.Load(Path.GetFullPath(used, folder));
            manager.IsLocked = true;
            context.WriteLine($"{manager.Lock.Packages.Count} versions are held, from {used}.");
            return Task.CompletedTask;
        }

        var packages = manager.Packages;
        if (arguments.Text("lock") is { } file)
        {
            var path = Path.GetFullPath(file, folder);
            try
            {
                PackageLock.Of(packages).Save(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new MagicException($"The lock cannot be written to {path}: {exception.Message}", exception);
            }

            context.WriteLine($"{packages.Count} versions written to {path}. '#!packages --use {file}' holds them in another session.");
            return Task.CompletedTask;
        }

        if (packages.Count == 0)
        {
            context.WriteLine("No packages are loaded. #r \"nuget: Name, version\" loads one.");
            return Task.CompletedTask;
        }

        string[][] rows = [.. packages.Select(p => new[] { p.Id, p.Version, p.Folder })];
        var (names, versions) = (rows.Max(r => r[0].Length), rows.Max(r => r[1].Length));
        const string Note = "'#!packages --lock FILE' writes these versions to a file; 'beamline run' records them in the notebook.";
        context.Display(MimeBundle.FromHtml(
            HtmlTable.Of(["Package", "Version", "Folder"], rows) + $"<p>{System.Net.WebUtility.HtmlEncode(Note)}</p>",
            string.Join('\n', rows.Select(r => $"{r[0].PadRight(names)}  {r[1].PadRight(versions)}  {r[2]}")) + "\n\n" + Note));
        return Task.CompletedTask;
    }
}
