using System.Reflection;
using System.Text.Json;
using Beamline.Extension;
using Beamline.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Beamline.FrozenHost.Tests;

/// <summary>The script of the package, compiled and run against types with the signatures that the host published.</summary>
public sealed class ExtensionScriptTests : IAsyncLifetime
{
    private static readonly MetadataReference[] Framework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => !p.Contains("Interactive", StringComparison.Ordinal)).Select(p => MetadataReference.CreateFromFile(p))];

    // Compiled once; every test runs it against a host of its own.
    private static readonly Lazy<(Assembly Host, Script<object> Script)> Compiled = new(Compile);

    private dynamic _kernel = null!;
    private dynamic _context = null!;
    private ScriptState<object> _state = null!;

    public async ValueTask InitializeAsync()
    {
        var (host, script) = Compiled.Value;
        _kernel = Activator.CreateInstance(host.GetType("Microsoft.DotNet.Interactive.CSharp.CSharpKernel")!)!;
        var contextType = host.GetType("Microsoft.DotNet.Interactive.KernelInvocationContext")!;
        _context = Activator.CreateInstance(contextType)!;
        _context.HandlingKernel = _kernel;
        contextType.GetProperty("Current")!.SetValue(null, _context);
        _state = await script.RunAsync();
        Assert.Null(_state.Exception);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static (Assembly Host, Script<object> Script) Compile()
    {
        var folder = Directory.CreateTempSubdirectory("beamline-host-");
        var path = Path.Combine(folder.FullName, "HostStubs.dll");
        var stubs = CSharpCompilation.Create(
            "HostStubs",
            [CSharpSyntaxTree.ParseText(File.ReadAllText(Beside("HostStubs.txt")))],
            Framework,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var emitted = stubs.Emit(path);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        var host = Assembly.LoadFrom(path);
        var text = File.ReadAllText(Beside("extension.dib"));
        const string Start = "#!csharp\n";
        var code = text[(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..];
        Assert.DoesNotContain("\n#!", code);
        var loader = new InteractiveAssemblyLoader();
        loader.RegisterDependency(host);
        var script = CSharpScript.Create<object>(
            code,
            ScriptOptions.Default.WithReferences(Framework.Append(MetadataReference.CreateFromFile(path)))
                .WithImports("System", "System.Linq", "System.Collections.Generic", "System.Text", "System.Threading.Tasks"),
            assemblyLoader: loader);
        script.Compile();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return (host, script);
    }

    [Fact]
    public void Every_command_becomes_a_directive_with_its_parameters()
    {
        var ours = new Recording();
        new BeamlineExtension().Register(ours);
        IEnumerable<dynamic> added = _kernel.Added;
        Assert.Equal(ours.Commands.Select(c => "#!" + c.Descriptor.Name), added.Select(d => (string)d.Name));
        Assert.Equal(ours.Commands.Count, added.Select(d => (Type)d.KernelCommandType).Distinct().Count());
        foreach (var command in ours.Commands)
        {
            var directive = added.Single(d => d.Name == "#!" + command.Descriptor.Name);
            Assert.Equal(command.Descriptor.Summary, (string)directive.Description);
            IEnumerable<dynamic> parameters = directive.Parameters;
            Assert.Equal(
                command.Descriptor.Parameters.Select(p => "--" + p.Name).Append("--show-code").Append("--quiet").Order(),
                parameters.Select(p => (string)p.Name).Order());
            foreach (var wanted in command.Descriptor.Parameters)
            {
                var made = parameters.Single(p => p.Name == "--" + wanted.Name);
                Assert.Equal(wanted.IsRequired, (bool)made.Required);
                Assert.Equal(wanted.Kind == MagicValueKind.Flag, (bool)made.Flag);
                Assert.Equal(wanted.Summary, (string)made.Description);
                Assert.Equal(wanted.Allowed, (List<string>)made.Completions);
                Assert.Equal(wanted == command.Descriptor.Parameters.FirstOrDefault(p => p.IsPositional), (bool)made.AllowImplicitName);
            }
        }

        Assert.Contains("using Beamline.Tomography;", (string)Assert.Single((List<string>)_kernel.Submitted));
    }

    [Fact]
    public async Task A_call_runs_the_code_that_the_command_stands_for()
    {
        ((List<string>)_kernel.Submitted).Clear();
        await (Task)_kernel.InvokeAsync("#!open", """{"path":"my scan.h5","as":"tooth","pixelSizeMicrometers":0.65,"quiet":true,"invokedDirective":"#!open","targetKernelName":"csharp"}""");
        Assert.Equal(
            "var tooth = TomographyScan.Open(\"my scan.h5\", new ScanOptions { PixelSize = Length.FromMicrometers(0.65) });",
            Assert.Single((List<string>)_kernel.Submitted));
        var failure = await Assert.ThrowsAsync<MagicException>(() => (Task)_kernel.InvokeAsync("#!recon", """{"projections":"nowhere"}"""));
        Assert.Contains("There is no variable nowhere", failure.Message);
    }

    [Fact]
    public async Task Variables_values_and_failures_of_the_host_reach_the_command()
    {
        _kernel.ScriptState = await CSharpScript.RunAsync("var axis = 3; var axis2 = 4;");
        var failure = await Assert.ThrowsAsync<MagicException>(() => (Task)_kernel.InvokeAsync("#!recon", """{"projections":"axis"}"""));
        Assert.Contains("needs a ProjectionStack, but axis is a Int32", failure.Message);

        Type events = _kernel.GetType().Assembly.GetType("Microsoft.DotNet.Interactive.Events.KernelEvent");
        object Event(string name, object value)
        {
            var all = Array.CreateInstance(events, 1);
            all.SetValue(Activator.CreateInstance(events.Assembly.GetType("Microsoft.DotNet.Interactive.Events." + name)!, value), 0);
            return all;
        }

        Answer(Event("CommandFailed", "CS0103: no such name"));
        failure = await Assert.ThrowsAsync<MagicException>(() => (Task)_kernel.InvokeAsync("#!device", "{}"));
        Assert.Equal("CS0103: no such name", failure.Message);
        Answer(Event("ReturnValueProduced", MimeBundle.FromHtml("<b>cpu</b>", "cpu")));
        await (Task)_kernel.InvokeAsync("#!device", "{}");
        Assert.Equal(["text/html: <b>cpu</b>"], (List<string>)_context.Shown);
    }

    [Theory]
    [InlineData("""{"path":"a b","dataPath":"it's"}""", "#!open \"a b\" --data-path \"it's\"")]
    [InlineData("""{"path":"say \"hi\""}""", "#!open 'say \"hi\"'")]
    [InlineData("""{"path":"@file","as":null,"pixelSizeMicrometers":2}""", "#!open \"@file\" --pixel-size-micrometers \"2\"")]
    [InlineData("""{"path":"x","showCode":true,"quiet":false}""", "#!open \"x\" --show-code")]
    public void Values_are_written_as_a_line_that_the_parser_reads_back(string json, string expected)
    {
        var line = LineOf(json);
        Assert.Equal(expected, line);
        _ = MagicParser.Parse(line, Open());
    }

    [Fact]
    public void A_value_with_both_quotes_is_refused() => Assert.Contains(
        "both kinds of quotes", Assert.IsType<MagicException>(Assert.Throws<TargetInvocationException>(() => LineOf("""{"path":"'\""}""")).InnerException).Message);

    private static MagicDescriptor Open()
    {
        var ours = new Recording();
        new BeamlineExtension().Register(ours);
        return ours.Commands.Single(c => c.Descriptor.Name == "open").Descriptor;
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private string LineOf(string json)
    {
        object directives = _state.GetVariable("beamlineDirectives").Value;
        var values = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;
        return (string)directives.GetType().GetMethod("Line")!.Invoke(null, [Open(), values])!;
    }

    private void Answer(object events)
    {
        object kernel = _kernel;
        var property = kernel.GetType().GetProperty("OnSubmit")!;
        var list = property.PropertyType.GetGenericArguments()[1];
        var parameter = System.Linq.Expressions.Expression.Parameter(typeof(string));
        property.SetValue(kernel, System.Linq.Expressions.Expression.Lambda(
            property.PropertyType, System.Linq.Expressions.Expression.Constant(events, list), parameter).Compile());
    }

    private sealed class Recording : IExtensionRegistry
    {
        public List<IMagicCommand> Commands { get; } = [];

        public void AddCommand(IMagicCommand command) => Commands.Add(command);

        public void AddFormatter(IMimeFormatter formatter)
        {
        }

        public void AddReference(Assembly assembly)
        {
        }

        public void AddUsing(string name)
        {
        }
    }
}
