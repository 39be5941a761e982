import NumericalMethods

/// The elastic stiffnesses of a crystal and what follows from them (Nye, Physical Properties of Crystals, ch. VIII).
///
/// The axes are Cartesian and those of whoever made it; `StressStrainMethod` says which. Averages and stability do not depend on them.
public struct ElasticConstants: Sendable, Hashable {
    /// GPa, 6 × 6 and symmetric, in Voigt's order xx yy zz yz xz xy: σ_I = Σ C_IJ ε_J with shears ε_yz + ε_zy.
    public let stiffness: DenseMatrix
    /// 1/GPa, the inverse in the same order; nil where the stiffness has none.
    public let compliance: DenseMatrix?
    /// GPa, ascending: the stiffnesses against the six strains that cause a stress along themselves (Kelvin's), of any axes.
    public let eigenvalues: [Double]

    /// A bulk and a shear modulus, and what an isotropic body of these has.
    public struct Moduli: Sendable, Hashable {
        /// GPa.
        public var bulk: Double
        /// GPa.
        public var shear: Double
        /// Young's modulus, GPa.
        public var young: Double { 9 * bulk * shear / (3 * bulk + shear) }
        /// Poisson's ratio.
        public var poisson: Double { (3 * bulk - 2 * shear) / (2 * (3 * bulk + shear)) }
    }

    /// - Parameter stiffness: GPa, 6 × 6 in Voigt's order; its symmetric part is taken.
    /// - Throws: for a matrix that is not 6 × 6, or holds what is no number.
    public init(stiffness: DenseMatrix) throws {
        guard stiffness.rows == 6, stiffness.columns == 6 else {
            throw LinearAlgebraError.shape(
                "elastic stiffnesses of \(stiffness.rows) × \(stiffness.columns), not 6 × 6")
        }
        try self.init(kelvin: KelvinNotation.scaled(stiffness, by: KelvinNotation.weights))
    }

    /// From the matrix on Kelvin's basis.
    package init(kelvin: DenseMatrix) throws {
        let symmetric = 0.5 * (kelvin + kelvin.transpose)
        let eigen = try SymmetricEigen(symmetric)
        let inverse = KelvinNotation.weights.map { 1 / $0 }
        stiffness = KelvinNotation.scaled(symmetric, by: inverse)
        eigenvalues = eigen.values
        let largest = eigen.values.map(abs).max() ?? 0
        let isSingular = eigen.values.contains { abs($0) <= 1e-12 * largest }
        compliance =
            isSingular
            ? nil : KelvinNotation.scaled(eigen.mapped { 1 / $0 }, by: KelvinNotation.weights)
    }

    /// On Kelvin's basis, on which a rotation of the axes is orthogonal.
    package var kelvin: DenseMatrix { KelvinNotation.scaled(stiffness, by: KelvinNotation.weights) }

    /// Born's criterion: every strain costs energy, more than rounding does.
    public var isStable: Bool { (eigenvalues.first ?? 0) > 1e-6 * (eigenvalues.last ?? 0) }

    /// Under one strain everywhere: an upper bound of a polycrystal's moduli.
    public var voigt: Moduli {
        let c = stiffness
        let (diagonal, off) = (c[0, 0] + c[1, 1] + c[2, 2], c[0, 1] + c[0, 2] + c[1, 2])
        return Moduli(
            bulk: (diagonal + 2 * off) / 9, shear: (diagonal - off + 3 * (c[3, 3] + c[4, 4] + c[5, 5])) / 15)
    }

    /// Under one stress everywhere: a lower bound; nil of a crystal that is not stable.
    public var reuss: Moduli? {
        guard isStable, let s = compliance else { return nil }
        let (diagonal, off) = (s[0, 0] + s[1, 1] + s[2, 2], s[0, 1] + s[0, 2] + s[1, 2])
        return Moduli(
            bulk: 1 / (diagonal + 2 * off),
            shear: 15 / (4 * (diagonal - off) + 3 * (s[3, 3] + s[4, 4] + s[5, 5])))
    }

    /// The mean of both (Hill, Proc. Phys. Soc. A 65 (1952) 349); nil of a crystal that is not stable.
    public var hill: Moduli? {
        reuss.map { Moduli(bulk: (voigt.bulk + $0.bulk) / 2, shear: (voigt.shear + $0.shear) / 2) }
    }

    /// 5 G_V/G_R + K_V/K_R − 6, zero of an isotropic body (Ranganathan & Ostoja-Starzewski, PRL 101 (2008) 055504); nil of a crystal
    /// that is not stable.
    public var universalAnisotropy: Double? {
        reuss.map { 5 * voigt.shear / $0.shear + voigt.bulk / $0.bulk - 6 }
    }

    /// The same crystal turned: a vector r becomes `rotation` · r.
    public func rotated(by rotation: Matrix3) throws -> ElasticConstants {
        let turn = KelvinNotation.rotation(rotation)
        return try ElasticConstants(kelvin: turn * kelvin * turn.transpose)
    }
}
