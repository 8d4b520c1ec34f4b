using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Beamline.Compute;
using Beamline.Notebook;
using Microsoft.CodeAnalysis.CSharp;

namespace Beamline.Kernel;

/// <summary><c>#!about</c>: what runs here, for a bug report or a methods section.</summary>
internal sealed class AboutCommand : IMagicCommand
{
    public MagicDescriptor Descriptor { get; } = new("about", "Shows versions, machine, devices and what is loaded.", []);

    public Task InvokeAsync(MagicArguments arguments, INotebookContext context)
    {
        var cell = ((CellContext)context).Cell;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        string[][] rows =
        [
            ["Beamline", VersionOf(typeof(AboutCommand).Assembly)],
            [".NET", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}"],
            ["C#", $"{LanguageVersionFacts.ToDisplayString(LanguageVersionFacts.MapSpecifiedToEffectiveVersion(LanguageVersion.Latest))}, " +
                $"Roslyn {VersionOf(typeof(CSharpCompilation).Assembly)}"],
            ["System", $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} processors, {memory:0.0} GiB memory"],
            ["Devices", string.Join("; ", ComputeDevices.List().Select(d => d.ToString()))],
            ["Process", $"{Environment.ProcessId}, in {context.WorkingFolder}"],
            ["Extensions", cell.Kernel.Extensions.Names is { Count: > 0 } names ? string.Join(", ", names) : "none"],
            ["Packages", string.Join(", ", Loaded())],
        ];
        var width = rows.Max(r => r[0].Length);
        context.Display(MimeBundle.FromHtml(
            HtmlTable.Of([], rows), string.Join('\n', rows.Select(r => $"{r[0].PadRight(width)}  {r[1]}"))));
        return Task.CompletedTask;
    }

    /// <summary>Assemblies that are neither the framework's nor made of cells.</summary>
    private static IEnumerable<string> Loaded()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location);
        return AssemblyLoadContext.All.SelectMany(c => c.Assemblies)
            .Where(a => !a.IsDynamic && a.Location.Length > 0 && Path.GetDirectoryName(a.Location) != framework)
            .Select(a => $"{a.GetName().Name} {VersionOf(a)}").Distinct().Order(StringComparer.OrdinalIgnoreCase);
    }

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? assembly.GetName().Version?.ToString() ?? "";
}
