namespace Beamline.Remote.Tests;

/// <summary>What cannot travel is refused by its name, with what to do.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Journey _journey = new();

    public void Dispose() => _journey.Dispose();

    [Theory]
    [InlineData(typeof(Func<int, int>), "delegate")]
    [InlineData(typeof(FileStream), "open file")]
    [InlineData(typeof(StreamReader), "open file")]
    [InlineData(typeof(Microsoft.Win32.SafeHandles.SafeFileHandle), "open file")]
    [InlineData(typeof(Task<int>), "await")]
    [InlineData(typeof(ValueTask<int>), "await")]
    [InlineData(typeof(Span<float>), "ToArray")]
    [InlineData(typeof(Memory<float>), "ToArray")]
    [InlineData(typeof(nint), "address")]
    [InlineData(typeof(HttpClient), "class of .NET")]
    [InlineData(typeof(Thread), "class of .NET")]
    [InlineData(typeof(Type), null)]
    [InlineData(typeof(InvalidOperationException), "exception")]
    [InlineData(typeof(Random), "class of .NET")]
    [InlineData(typeof(Lazy<int>), "class of .NET")]
    [InlineData(typeof(Hidden), "'_count', which is not public")]
    [InlineData(typeof(Captured), "'seed', which is not public")]
    [InlineData(typeof(WithEvent), "not public")]
    [InlineData(typeof(Carrier), "Carrier.Callback: Action is a delegate")]
    [InlineData(typeof(Holder), null)]
    [InlineData(typeof(List<Action>), "delegate")]
    [InlineData(typeof(Action[]), "delegate")]
    [InlineData(typeof((int, Stream)), "open file")]
    [InlineData(typeof(Dictionary<string, Task>), "await")]
    [InlineData(typeof(FixedBuffer), "not public")]
    public void Types(Type type, string? reason)
    {
        var refusal = TravelTypes.Refusal(type);
        if (reason is null)
        {
            // An abstract class: the value is asked.
            Assert.Null(refusal);
            return;
        }

        Assert.Contains(reason, refusal);
    }

    [Fact]
    public void Values_behind_interfaces_and_object_are_asked()
    {
        Assert.Contains("class of .NET", _journey.Refused<object>(typeof(int)));
        Assert.Contains("delegate", _journey.Refused<object>(() => 1));
        Assert.Contains("ToArray()", _journey.Refused(Enumerable.Range(0, 3).Select(i => i * 2)));
        Assert.StartsWith("'x[1].Callback' cannot travel: Action is a delegate", _journey.Refused<object>(new List<object> { 1, new Holder { Callback = () => { } } }));
        Assert.Null(_journey.Send(new Holder())!.Callback);
        Assert.Contains("open file", _journey.Refused<IDisposable>(new MemoryStream()));
        Assert.Contains("declare a record", _journey.Refused<object>(new { A = 1 }));
        Assert.Contains("address", TravelTypes.Refusal(typeof(int).MakePointerType()));
    }

    [Fact]
    public void Circles_and_depths_are_refused_and_said()
    {
        var node = new Node();
        node.Children.Add(new Node { Children = [node] });
        Assert.Contains("circles", _journey.Refused(node));
        var deep = new Node();
        for (var i = 0; i < 100; i++)
        {
            deep = new Node { Children = [deep] };
        }

        Assert.Contains("deeper", _journey.Refused(deep));
        // As deep as it may be, it can be read again.
        deep = new Node();
        for (var i = 0; i < 15; i++)
        {
            deep = new Node { Children = [deep] };
        }

        Same.Check(deep, _journey.Send(deep));
    }

    [Fact]
    public void An_array_that_does_not_start_at_zero_is_refused() =>
        Assert.Contains("first index", _journey.Refused<object>(Array.CreateInstance(typeof(double), [100], [1])));

    public sealed class Hidden
    {
        private int _count = 1;

        public int Next() => _count++;
    }

    public sealed class Captured(int seed)
    {
        public int Next() => seed++;
    }

    public sealed class WithEvent
    {
        public event EventHandler? Changed;

        public void Raise() => Changed?.Invoke(this, EventArgs.Empty);
    }

    public sealed class Carrier
    {
        public Action Callback { get; set; } = () => { };
    }

    public sealed class Holder
    {
        public Action? Callback { get; set; }
    }

    public unsafe struct FixedBuffer
    {
        public fixed int Values[4];
    }
}
