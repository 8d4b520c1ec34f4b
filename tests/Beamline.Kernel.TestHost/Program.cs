using System.Globalization;
using Beamline.Kernel;
using Beamline.Kernel.TestHost;

// What real Jupyter clients start in the tests: TestHost kernel [CONNECTION_FILE], or run NOTEBOOK OUT, or html NOTEBOOK OUT.
switch (args)
{
    case ["kernel", var connection]:
        return await KernelHost.RunAsync(connection, []);
    case ["kernel"]:
        return await KernelHost.RunAsync(null, []);
    case ["run", var notebook, var output]:
        var result = await HeadlessRunner.RunAsync(
            new RunOptions { NotebookPath = notebook, OutputPath = output }, new TextRunReporter(Console.Error, false), []);
        Console.Error.WriteLine(result.Message);
        return result.ExitCode;
    case ["html", var notebook, var page]:
        HtmlExporter.Save(NotebookDocument.Load(notebook), page);
        return 0;
    case ["interrupt", .. { Length: > 0 } names]:
        // Threads that a case left behind must not keep the process.
        Environment.Exit(await InterruptMatrix.RunCasesAsync(names));
        return 0;
    case ["interrupt-matrix", var repeats, .. { Length: <= 1 } file]:
        return await InterruptRounds.RunAsync(int.Parse(repeats, CultureInfo.InvariantCulture), file.FirstOrDefault());
    case ["compile-cost", var cells]:
        await CompileCost.RunAsync(int.Parse(cells, CultureInfo.InvariantCulture));
        return 0;
    default:
        Console.Error.WriteLine("usage: TestHost kernel [CONNECTION_FILE] | run NOTEBOOK OUT | html NOTEBOOK OUT | interrupt CASE... | interrupt-matrix N [FILE] | compile-cost CELLS");
        return 2;
}
