namespace Beamline.Kernel;

/// <summary>Tells the exceptions by which a stopped cell ends from those that its code made.</summary>
internal static class StopErrors
{
    public static bool IsStop(Exception exception) => exception switch
    {
        OperationCanceledException or ThreadInterruptedException => true,
        CellFailedException { InnerException: { } inner } => IsStop(inner),
        AggregateException many => many.InnerExceptions.Any(IsStop),
        _ => exception.InnerException is { } inner && IsStop(inner),
    };
}
