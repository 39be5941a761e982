import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Microstrain that differs with direction: the cells of the crystallites scatter, and 1/d² of a reflection has the
/// variance Σ S · form over the invariants of the Laue class (P. W. Stephens, J. Appl. Cryst. 32 (1999) 281).
///
/// A reflection's FWHM grows by (180/π) √(Σ S · form) d² tanθ degrees 2θ.
public struct AnisotropicMicrostrain: Sendable, Hashable {
    /// The forms.
    package let invariants: StrainInvariants
    /// S, 10⁻⁸ Å⁻⁴, one for each form.
    public var values: [Double]
    /// The Lorentzian share of the width, 0 to 1; the rest is Gaussian (ζ). It counts in the profile of Thompson, Cox and
    /// Hastings; a profile that is Gaussian or Lorentzian takes all.
    public var lorentzianShare: Double

    /// Degrees of width for √S of 1, at tanθ = 1.
    static let degrees = 180 / Double.pi * 1e-4

    /// The same in all directions: a strain of ε widens lines by 4ε tanθ.
    ///
    /// - `strain`: ε ≥ 0, without unit.
    public init(_ structure: ReducedStructure, strain: Double = 0, lorentzianShare: Double = 1) {
        invariants = StrainInvariants(rotations: structure.spaceGroup.operations.map(\.rotation))
        let square = (4e4 * strain) * (4e4 * strain)
        values = invariants.squareOfMetric(structure.lattice.reciprocalMetric).map { $0 * square }
        self.lorentzianShare = lorentzianShare
    }

    /// Of a reflection: the square of the width that it adds at tanθ = 1, degrees²; below 0 where the values are no
    /// variance.
    ///
    /// - Parameter q: (sinθ/λ)², Å⁻².
    func square(at index: SIMD3<Int>, q: Double) -> Double {
        let sum = zip(values, invariants.values(at: index)).reduce(0) { $0 + $1.0 * $1.1 }
        return Self.degrees * Self.degrees * sum / (16 * q * q)
    }

    /// The largest width that it adds at tanθ = 1 along the shortest directions, degrees.
    func largestWidth(reciprocalMetric g: Matrix3) -> Double {
        var largest = 0.0
        for h in -1...1 {
            for k in -1...1 {
                for l in -1...1 where SIMD3(h, k, l) != .zero {
                    let index = SIMD3(h, k, l)
                    let q = ReflectionList.q(of: index, reciprocalMetric: g)
                    largest = max(largest, square(at: index, q: q))
                }
            }
        }
        return largest.squareRoot()
    }
}
