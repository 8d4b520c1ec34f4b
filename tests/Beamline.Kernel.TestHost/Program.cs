using Beamline.Kernel;

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
    default:
        Console.Error.WriteLine("usage: TestHost kernel [CONNECTION_FILE] | run NOTEBOOK OUT | html NOTEBOOK OUT");
        return 2;
}
