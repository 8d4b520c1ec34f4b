namespace Beamline.Compute.Simd;

/// <summary>
/// The handful of vector operations that the hot loops need, so that one loop serves AVX-512 and AVX2.
/// Implementations are empty structs used as type arguments: the JIT makes one body for each and inlines everything.
/// </summary>
internal unsafe interface IVectorWidth<TVector>
    where TVector : unmanaged
{
    /// <summary>Floats in one vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(float* source);

    static abstract void Store(TVector value, float* target);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a * b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);
}
