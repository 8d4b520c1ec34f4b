using System.Collections.Immutable;
using Beamline.Notebook;

namespace Beamline.Kernel;

/// <summary><c>#!import helpers.dib</c>: runs the code cells of another notebook or program in this session.</summary>
internal sealed class ImportCommand : IMagicCommand
{
    private static readonly AsyncLocal<ImmutableList<string>?> Chain = new();

    public MagicDescriptor Descriptor { get; } = new("import", "Runs the code of another file in this session.",
    [
        new("file", MagicValueKind.Path, "A .ipynb, .dib, .cs or .csx file; relative to the file that imports it.")
        {
            IsPositional = true, IsRequired = true,
        },
    ]);

    public async Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var chain = Chain.Value ?? [];
        var path = Find(arguments.Required("file"), chain.IsEmpty ? context.WorkingFolder : Path.GetDirectoryName(chain[^1])!, chain);
        var document = Load(path);
        Chain.Value = chain.Add(path);
        try
        {
            await RunAsync(document, Path.GetFileName(path), cell);
        }
        finally
        {
            Chain.Value = chain;
        }
    }

    private static string Find(string file, string folder, ImmutableList<string> chain)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file));
        if (!NotebookFiles.Readable.Contains(Path.GetExtension(path).ToLowerInvariant()))
        {
            throw new MagicException($"#!import: {file} is of a kind that cannot be imported. Kinds: {string.Join(", ", NotebookFiles.Readable)}.");
        }

        if (!File.Exists(path))
        {
            throw new MagicException($"#!import: there is no file {path}.{NearFile.Suggest(path, folder, NotebookFiles.Readable)}");
        }

        return !chain.Contains(path, StringComparer.Ordinal) ? path : throw new MagicException(
            $"#!import goes in a circle: {string.Join(" imports ", chain.SkipWhile(p => p != path).Append(path).Select(Path.GetFileName))}. " +
            "Move what both need into a file that imports neither.");
    }

    private static NotebookDocument Load(string path)
    {
        try
        {
            var document = NotebookFiles.Load(path);
            document.EnsureCSharpKernel(Path.GetFileName(path));
            return document;
        }
        catch (Exception exception) when (exception is NotebookFormatException or IOException or UnauthorizedAccessException)
        {
            throw new MagicException($"#!import: {exception.Message}", exception);
        }
    }

    private static async Task RunAsync(NotebookDocument document, string name, CellRun cell)
    {
        for (var i = 0; i < document.Cells.Count; i++)
        {
            var imported = document.Cells[i];
            if (imported.Kind != NotebookCellKind.Code || imported.HasTag("skip-execution") || string.IsNullOrWhiteSpace(imported.Source))
            {
                continue;
            }

            if ((CellLanguages.Of(imported) ?? document.DefaultLanguage) is { } language && CellLanguages.Canonical(language) is null)
            {
                cell.Warn($"#!import {name}: cell {i + 1} is in {CellLanguages.MissingName(language) ?? language} and was left out.");
                continue;
            }

            var place = $"{name}, cell {i + 1}";
            try
            {
                await cell.Kernel.RunTextAsync(cell, CellLanguages.SourceOf(imported), place, showsResult: false);
            }
            catch (CellFailedException exception)
            {
                var error = exception.Error;
                throw new CellFailedException(
                    new CellError(error.Name, $"in {place}: {error.Message}", [$"In {place} (run by #!import):", .. error.Traceback]),
                    exception.InnerException);
            }
            catch (MagicException exception)
            {
                throw new MagicException($"in {place}: {exception.Message}", exception);
            }
        }
    }
}
