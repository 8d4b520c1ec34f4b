namespace Beamline.Kernel.TestHost;

/// <summary>The ways in which a cell can refuse to end (docs/adr/0006).</summary>
public static class InterruptCases
{
    /// <summary>Runs before each case.</summary>
    public const string Setup =
        "using System.Runtime.InteropServices; [DllImport(\"libc\")] static extern int usleep(uint us); var keep = 41; int n = 0;";

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["empty loop"] = "while (true) { }",
        ["loop in try with catch-all"] = "while (true) { try { while (true) n++; } catch (Exception) { } }",
        ["try and finally"] = "try { while (true) n++; } finally { n = -5; }",
        ["Thread.Sleep"] = "Thread.Sleep(-1);",
        ["await Task.Delay"] = "await Task.Delay(-1);",
        ["loop after Yield"] = "await Task.Yield(); while (true) { }",
        ["loop on a pool thread"] = "await Task.Delay(1).ConfigureAwait(false); while (true) { }",
        ["Task.Run(loop).Wait()"] = "Task.Run(() => { while (true) Thread.Sleep(1); }).Wait();",
        ["Parallel.For"] = "Parallel.For(0, 4, i => { while (true) n++; });",
        ["PLINQ"] = "Enumerable.Range(0, int.MaxValue).AsParallel().Sum(i => (long)Math.Sqrt(i) + Enumerable.Range(0, 1000).Sum())",
        ["Monitor"] = "var o = new object(); var t = new Thread(() => { lock (o) Thread.Sleep(6000); }); t.Start(); Thread.Sleep(100); lock (o) { }",
        ["console flood"] = "while (true) Console.Write(\"\");",
        ["native sleep of 1 s, then a loop"] = "usleep(1000000); while (true) { }",
        ["arithmetic loop"] = "double s = 0; for (long i = 0; i < long.MaxValue; i++) s += i * 0.5; s",
        ["cooperative token"] = "while (!CellCancellation.IsCancellationRequested) Thread.Sleep(1); \"coop\"",
        ["nested LINQ"] = "Enumerable.Range(0, int.MaxValue).SelectMany(a => Enumerable.Range(0, 1000)).Count(x => x == -1)",
        ["recursion"] = "int R(int d) => d > 500 ? 0 : R(d + 1) + R(d + 1); R(0)",
        ["allocations"] = "while (true) { var b = new byte[100]; }",
        ["loop in a lambda"] = "Func<int> f = () => { while (true) { } }; f()",
        ["semaphore"] = "new SemaphoreSlim(0).Wait();",
        ["native sleep without end"] = "usleep(2000000000);",
        ["string concatenation"] = "var text = \"\"; while (true) { text += \"x\"; if (text.Length > 5000) text = \"\"; }",
        ["query expression"] = "(from a in Enumerable.Range(0, int.MaxValue) from b in Enumerable.Range(0, 1000) where a * b == -1 select a).Count()",
        ["loop in finally"] = "try { } finally { while (true) n++; }",
        ["threads of its own"] = "var t = new Thread(() => { while (true) n++; }); t.Start(); t.Join();",
        ["goto"] = "int G() { again: n++; goto again; } G()",
    };
}
