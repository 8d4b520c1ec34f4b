using System.Text.Encodings.Web;
using System.Text.Json;
using Beamline.Benchmarks;

if (args is [OutOfCore.ChildArea, var kind, var scan, var folder, var limit])
{
    return OutOfCore.RunPart(kind, scan, folder, long.Parse(limit, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is [DenoisingMemory.ChildArea, var part, var place, var count])
{
    return DenoisingMemory.RunPart(part, place, int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is [RankSpeed.ChildArea])
{
    return RankSpeed.RunPart();
}

var areas = new Dictionary<string, Func<IEnumerable<BenchRow>>>(StringComparer.Ordinal)
{
    ["projectors"] = ProjectorSpeed.Rows,
    ["analytic"] = AnalyticMethods.Rows,
    ["iterative"] = IterativeMethods.Rows,
    ["outofcore"] = OutOfCore.Rows,
    ["plan"] = PlanAccuracy.Rows,
    ["plan-others"] = PlanAccuracy.OtherRows,
    ["formats"] = FormatSpeed.Measure,
    ["geometries"] = GeometrySpeed.Rows,
    ["kernel"] = KernelSession.Rows,
    ["denoise"] = Denoising.Rows,
    ["noise2inverse"] = SelfSupervised.Rows,
    ["noise2inverse-short"] = SelfSupervised.ShortRows,
    ["noise2inverse-published"] = SelfSupervised.PublishedRows,
    ["denoise-memory"] = DenoisingMemory.Rows,
    ["viewer"] = () => ViewerOutputs.Rows().Concat(LivePageMemory.Rows()).Concat(LiveCost.Rows()),
    ["live-cost"] = LiveCost.Rows,
    ["live-memory"] = LivePageMemory.Rows,
    ["ranks"] = RankSpeed.Rows,
    ["remote"] = () => RemoteCells.Rows().Concat(RemoteValues.Rows()),
    ["tomography"] = () =>
    [
        .. FbpQuality.Rows(), .. OperatorAccuracy.Rows(), .. RealScan.Rows(), .. CommandLineRuns.Rows(), .. WholeFbp.Rows(), .. ProjectorSpeed.Rows(),
    ],
};
var area = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal));
if (area is null || !areas.TryGetValue(area, out var rows))
{
    Console.Error.WriteLine($"Usage: eng/bench AREA [--json]. Areas: {string.Join(", ", areas.Keys)}.");
    return 2;
}

var measured = new List<BenchRow>();
foreach (var row in rows())
{
    measured.Add(row);
    Console.Error.WriteLine($"{(row.Passed switch { true => "ok  ", false => "MISS", null => "    " })} {row.Name}: " +
        (row.Value is { } value ? $"{value:g4} {row.Unit}" : "not measured") +
        (row.Bar is { } bar ? $" (bar {row.Comparison} {bar})" : "") + (row.Note.Length > 0 ? $"  [{row.Note}]" : ""));
}

if (args.Contains("--json"))
{
    Console.WriteLine(JsonSerializer.Serialize(
        measured, new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
}

return 0;
