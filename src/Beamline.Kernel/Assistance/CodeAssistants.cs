namespace Beamline.Kernel;

/// <summary>Chooses the assistant of a kernel.</summary>
internal static class CodeAssistants
{
    /// <summary>"light" or "full"; set in the kernel specification or by <c>kernel start --completion</c>.</summary>
    public const string Variable = "BEAMLINE_COMPLETION";

    /// <summary>The light one, unless the environment asks for the full one (docs/adr/0018).</summary>
    public static ICodeAssistant Create(NotebookKernel kernel)
    {
        var light = new LightAssistant(kernel);
        return Environment.GetEnvironmentVariable(Variable) is "full"
            ? new FullAssistant(kernel, light, FullAssistant.DefaultBudget)
            : light;
    }
}
