namespace Beamline.Tomography;

/// <summary>Methods of <see cref="IterativeReconstruction"/>. A is the projector, b the line integrals, x the slice.</summary>
public enum IterativeMethod
{
    /// <summary>
    /// Simultaneous iterative reconstruction: all rays correct the slice at once, scaled by the sums of the rows and columns of A.
    /// </summary>
    /// <remarks>Gregor and Benson, IEEE Trans. Med. Imaging 27 (2008) 918.</remarks>
    Sirt,

    /// <summary>The rays of one angle at a time correct the slice. Quick in its first iterations.</summary>
    /// <remarks>Andersen and Kak, Ultrasonic Imaging 6 (1984) 81.</remarks>
    Sart,

    /// <summary>As <see cref="Sart"/>, by some subsets of the angles instead of single ones.</summary>
    /// <remarks>Wang and Jiang, J. X-Ray Sci. Technol. 12 (2004) 169.</remarks>
    OsSart,

    /// <summary>Conjugate gradients for least squares: the sharpest slice in the fewest iterations, noise included. No bounds.</summary>
    /// <remarks>Hestenes and Stiefel, J. Res. Natl. Bur. Stand. 49 (1952) 409.</remarks>
    Cgls,

    /// <summary>Least squares by Golub and Kahan's bidiagonalization; in exact arithmetic the same iterates as <see cref="Cgls"/>. No bounds.</summary>
    /// <remarks>Paige and Saunders, ACM Trans. Math. Softw. 8 (1982) 43.</remarks>
    Lsqr,

    /// <summary>Maximum likelihood by expectation maximization. Values stay positive.</summary>
    /// <remarks>Shepp and Vardi, IEEE Trans. Med. Imaging 1 (1982) 113.</remarks>
    Mlem,

    /// <summary>As <see cref="Mlem"/>, by subsets of the angles.</summary>
    /// <remarks>Hudson and Larkin, IEEE Trans. Med. Imaging 13 (1994) 601.</remarks>
    Osem,

    /// <summary>
    /// Least squares in which a ray counts as much as it has photons, with a quadratic penalty on differences of neighbors:
    /// for few counts and for strong absorbers.
    /// </summary>
    /// <remarks>Fessler, IEEE Trans. Med. Imaging 13 (1994) 290; the sum is minimized by accelerated gradients as in <see cref="TvFista"/>.</remarks>
    Pwls,

    /// <summary>Least squares with total variation, by accelerated proximal gradients: for few angles and piecewise flat samples.</summary>
    /// <remarks>Beck and Teboulle, IEEE Trans. Image Process. 18 (2009) 2419.</remarks>
    TvFista,

    /// <summary>The same problem as <see cref="TvFista"/> by a primal-dual method.</summary>
    /// <remarks>Chambolle and Pock, J. Math. Imaging Vis. 40 (2011) 120; steps of Pock and Chambolle, ICCV 2011, 1762.</remarks>
    TvPdhg,

    /// <summary>Sweeps of <see cref="OsSart"/> in turn with steps that lower the total variation, in adaptive proportion.</summary>
    /// <remarks>Sidky and Pan, Phys. Med. Biol. 53 (2008) 4777.</remarks>
    AsdPocs,

    /// <summary>Least squares with a penalty on the squared values, by conjugate gradients. No bounds.</summary>
    /// <remarks>Tikhonov's damping in the form of Björck, Numerical Methods for Least Squares Problems, SIAM 1996, section 7.4.</remarks>
    Tikhonov,
}
