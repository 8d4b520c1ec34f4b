using Beamline.Remote;

namespace Beamline.Display.Widgets
{
    internal class Slider;
}

namespace Beamline.Kernel.Tests
{
    /// <summary>Types whose values can never travel, whatever a codec does.</summary>
    public sealed class LiveTypesTests
    {
        private sealed class OwnSlider : Beamline.Display.Widgets.Slider;

        private sealed class OwnStream : MemoryStream;

        public static TheoryData<Type, string> Refused => new()
        {
            { typeof(ILGPU.Runtime.MemoryBuffer), "lives on a GPU" }, { typeof(ILGPU.Runtime.MemoryBuffer[]), "it holds MemoryBuffer" },
            { typeof(OwnSlider), "is a widget" }, { typeof(OwnStream), "is open here" }, { typeof(Span<int>), "view of memory" },
            { typeof(int*), "pointer" }, { typeof(delegate*<int, void>), "pointer" }, { typeof(int).MakeByRefType(), "pointer" },
            { typeof(ILookup<int, int>), "" }, { typeof(IOrderedEnumerable<int>), "ToArray()" }, { typeof(IQueryable<int>), "ToArray()" },
            { typeof(IAsyncEnumerable<int>), "await foreach" }, { typeof(Task<int>), "await it" }, { typeof(Dictionary<string, Action>), "it holds Action" },
            { typeof((int, Type)), "it holds Type" }, { typeof(ThreadLocal<int>), "guards" }, { typeof(List<Lazy<int>>), "use its Value" },
            { typeof(int), "" }, { typeof(string), "" }, { typeof(List<double>), "" }, { typeof((int, string)), "" }, { typeof(IEnumerable<int>), "" },
            { typeof(Dictionary<string, float[,]>), "" }, { typeof(object), "" }, { typeof(DateTime?), "" }, { typeof(Random), "" },
            { typeof(IReadOnlyList<int[]>), "" }, { typeof(HashSet<>), "" }, { typeof(System.Numerics.Complex), "" },
        };

        [Theory]
        [MemberData(nameof(Refused))]
        public void A_type_is_refused_with_what_to_do_or_not_at_all(Type type, string why)
        {
            var refusal = LiveTypes.Refusal(type);
            if (why.Length == 0)
            {
                Assert.Null(refusal);
            }
            else
            {
                Assert.Contains(why, refusal, StringComparison.Ordinal);
            }
        }
    }
}
