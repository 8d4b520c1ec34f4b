using Beamline.Remote;

namespace Beamline.Kernel;

/// <summary>Takes cells apart for a journey, by what the compiler knows of them. Nothing is run.</summary>
internal sealed class CellCapture(NotebookKernel kernel) : ICellCapture
{
    public CapturedCell Capture(string code, CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(options);
        var session = kernel.Session;
        var text = SentText.Of(code, options.LinesBefore, kernel);
        var chain = new SubmissionChain(session.State);
        if (options.Map is { } map)
        {
            return MapCell(text, options, map, chain);
        }

        var cell = CellInspection.Of(session, text, options.Label, chain.Last);
        CellInspection.Report(cell.Compilation.GetDiagnostics(), cell.Text, session.LoadedFiles.TextOf);
        var reach = new Reach(chain);
        reach.AddCell(cell.Tree.GetRoot(), cell.Model);
        var outputs = CellOutputs.Of(cell, reach, chain);
        var packed = new CellPacker(kernel, chain, reach, cell.Model, options.Label).Pack();
        packed.Check(cell.Tree.ToString(), cell.Libraries, isRewritten: false);
        return packed.Cell(text) with
        {
            Outputs = outputs.ComingBack,
            NotComingBack = outputs.NotComingBack,
            Declarations = outputs.Declarations,
        };
    }

    public CapturedCell CaptureFunction(string lambdaSource, Delegate function, Type item, Type result, string label)
    {
        ArgumentNullException.ThrowIfNull(lambdaSource);
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(result);
        return new LambdaCapture(kernel, label).Capture(lambdaSource, function, item, result);
    }

    private CapturedCell MapCell(string text, CaptureOptions options, (string Item, string Items) map, SubmissionChain chain)
    {
        var session = kernel.Session;
        var items = SentItems.Of(kernel, chain, map.Item, map.Items);
        var before = session.Follow(SubmissionSettings.Parse($"{items.TypeName} {map.Item} = default!;", "item"), chain.Last, null);
        var cell = CellInspection.Of(session, text, options.Label, before);
        CellInspection.Report(cell.Compilation.GetDiagnostics(), cell.Text, session.LoadedFiles.TextOf);
        var function = MapFunction.Of(cell, map.Item, items.TypeName);
        var reach = new Reach(chain);
        reach.AddType(items.Type);
        reach.AddCell(cell.Tree.GetRoot(), cell.Model);
        var staying = ItemWrites.Of(reach);
        var packed = new CellPacker(kernel, chain, reach, cell.Model, options.Label) { Items = items }.Pack();
        packed.Check(function.Source, null, isRewritten: true);
        return packed.Cell(function.Source) with
        {
            NotComingBack = staying,
            Declarations = function.Beside,
            Map = new JobMap(map.Item, items.TypeName, function.ResultType, items.Values.Length, MapFunction.Name) { Items = packed.ItemsName! },
        };
    }
}
