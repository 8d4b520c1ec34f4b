using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Beamline.Kernel;

/// <summary>
/// Exceptions that no cell waits for: on threads that cells made, in 'async void' functions, finalizers and tasks that
/// nobody awaits. They are shown and cost the thread, not the process with all variables.
/// </summary>
internal static class ProcessGuard
{
    private static readonly Lock Gate = new();
    private static bool _installed;
    private static CellRun? _lastCell;

    /// <summary>The cell that ran last: where errors are shown that do not know theirs.</summary>
    public static CellRun? LastCell { get => Volatile.Read(ref _lastCell); set => Volatile.Write(ref _lastCell, value); }

    /// <summary>Begins to listen, once per process.</summary>
    public static void Install()
    {
        lock (Gate)
        {
            if (_installed)
            {
                return;
            }

            _installed = true;
            TaskScheduler.UnobservedTaskException += (_, e) => Unobserved(e);
            try
            {
                ExceptionHandling.SetUnhandledExceptionHandler(IsHandled);
            }
            catch (InvalidOperationException)
            {
                // The program that hosts the kernel has a handler of its own; then that one decides.
            }
        }
    }

    /// <summary>True for exceptions of cell code; all others are errors of ours and end the process, as they should.</summary>
    private static bool IsHandled(Exception exception)
    {
        var cell = CellScope.OfThread;
        if (cell is null && !IsFromCell(exception))
        {
            return false;
        }

        if (cell is not { Stopped: not null } || !StopErrors.IsStop(exception))
        {
            Show(cell ?? LastCell, exception, "An exception ended a thread that the notebook started; the session goes on.");
        }

        return true;
    }

    private static void Unobserved(UnobservedTaskExceptionEventArgs e)
    {
        e.SetObserved();
        if (LastCell is { } cell && !StopErrors.IsStop(e.Exception))
        {
            Show(cell, e.Exception, "A task failed and nobody awaited it or asked for its result.");
        }
    }

    private static void Show(CellRun? cell, Exception exception, string what)
    {
        if (cell is null)
        {
            return;
        }

        var report = RuntimeErrorReport.From(exception, cell.Kernel.Session.SourceOf);
        cell.Kernel.NoteError(exception);
        cell.Output.Write("stderr", $"{Ansi.Yellow}{what}{Ansi.Reset}\n{string.Join('\n', report.Traceback)}\n");
        cell.Output.Flush();
    }

    private static bool IsFromCell(Exception exception) =>
        exception is not InsufficientExecutionStackException && new StackTrace(exception).GetFrames().Any(frame =>
            frame.GetMethod()?.Module.Assembly is { IsDynamic: false } assembly &&
            AssemblyLoadContext.GetLoadContext(assembly) is SubmissionContext);
}
