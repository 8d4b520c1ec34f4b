using System.Runtime.InteropServices;
using System.Text.Json;
using Beamline.Compute;

namespace Beamline.Learning;

/// <summary>
/// The process that trains. Its argument is the folder of the job. It writes lines of JSON on its standard output and reads single words from its
/// standard input: pause, go, stop, preview. The end of the input is a stop: a training whose notebook died keeps its checkpoint and goes.
/// </summary>
internal static class TrainingWorker
{
    /// <summary>Exit code of a job that failed with a message.</summary>
    public const int Failed = 3;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var folder])
        {
            Console.Error.WriteLine("This is Beamline's training process; notebooks start it themselves.");
            return 2;
        }

        // libtorch or a library of a library may print; only lines of ours go to the reader.
        using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(Console.Error);
        using var control = new TrainingControl();
        Listen(control);
        try
        {
            var job = TrainingJob.Load(folder);
            using var context = RunContext.Use(new RunContext { Progress = new Reporter(output), Warning = text => Write(output, new TrainingMessage { Progress = text }) });
            TorchRuntime.Load();
            TorchThreads.Use(job.Options.Threads);
            var window = new TrainingWindow(
                job, folder, control, (step, loss) => Write(output, new TrainingMessage { At = new TrainingStep(step, loss) }),
                (step, values) =>
                {
                    AtomicFile.WriteBytes(TrainingWindow.PreviewIn(folder), MemoryMarshal.AsBytes<float>(values));
                    Write(output, new TrainingMessage { Preview = step });
                });
            using var trainer = new Trainer(job, folder) { Window = window };
            var (report, weights) = trainer.Run(score => Write(output, new TrainingMessage { Score = score }), control);
            SafetensorsFile.Write(TrainingMessage.ResultIn(folder), weights);
            Write(output, new TrainingMessage { Report = report });
            return 0;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Write(output, new TrainingMessage { Error = exception.Message, ErrorType = exception.GetType().Name });
            return Failed;
        }
    }

    private static void Listen(TrainingControl control)
    {
        var thread = new Thread(() =>
        {
            while (Console.In.ReadLine() is { } line)
            {
                if (line == "preview")
                {
                    control.PreviewIsWanted = true;
                    continue;
                }

                control.Set(line switch { "pause" => TrainingWish.Pause, "stop" => TrainingWish.Stop, _ => TrainingWish.GoOn });
            }

            control.Set(TrainingWish.Stop);
        }) { IsBackground = true, Name = "training commands" };
        thread.Start();
    }

    private static void Write(StreamWriter output, TrainingMessage message)
    {
        lock (output)
        {
            output.WriteLine(JsonSerializer.Serialize(message, TrainingMessage.Json));
        }
    }

    private sealed class Reporter(StreamWriter output) : IProgress<ProgressReport>
    {
        public void Report(ProgressReport value) => Write(output, new TrainingMessage { Progress = $"{value.Activity}: {value.Detail}" });
    }
}
