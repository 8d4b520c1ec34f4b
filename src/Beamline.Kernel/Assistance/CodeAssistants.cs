namespace Beamline.Kernel;

/// <summary>Chooses the assistant of a kernel.</summary>
internal static class CodeAssistants
{
    /// <summary>"light" or "full"; set in the kernel specification or by <c>kernel start --completion</c>.</summary>
    public const string Variable = "BEAMLINE_COMPLETION";

    public static ICodeAssistant Create(NotebookKernel kernel) => new LightAssistant(kernel);
}
