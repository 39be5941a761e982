import Crystallography
import Diffraction
import Foundation
import Parameterization

/// Microabsorption: a particle that absorbs more than the powder around it is seen too little (Brindley, Phil. Mag. 36
/// (1945) 347).
///
/// τ is the mean of exp(−(μ − μ̄) path) over a sphere, the path being the chord along the beam: 3/x³ (2 − e⁻ˣ (x² + 2x + 2))
/// with x = (μ − μ̄) · diameter. At 90° 2θ, where the path has a corner, the mean is 1 % more at |x| = 0.5 and 4 % at 1;
/// nothing corrects what is coarser. μ is that of photoelectric absorption, 2 rₑ λ Σ f″/V.
package enum ParticleAbsorption {
    /// Classical radius of the electron, Å (CODATA 2018).
    private static let electronRadius = 2.817_940_326_2e-5
    /// Å in a μm.
    private static let micrometre = 1e4

    /// τ of each phase; 1 without a diameter.
    ///
    /// - Parameter diameters: μm, 0 for none; empty for none at all.
    static func contrasts(of model: PowderModel, diameters: [Double]) -> [Double] {
        let none = model.phases.map { _ in 1.0 }
        guard diameters.count == none.count, diameters.contains(where: { $0 > 0 }),
            model.instrument.radiation.probe == .xray
        else { return none }
        let coefficients = model.phases.map {
            coefficient($0.structure, wavelength: model.instrument.radiation.wavelength)
        }
        var contrasts = none
        // The powder's own coefficient follows from the volumes, which the contrasts correct: a contraction by a factor
        // of about x, and x is below one where the correction means anything.
        for _ in 0..<30 {
            let volumes = zip(model.phases, contrasts).map { max(0, $0.scale) / $1 }
            let total = max(volumes.reduce(0, +), 1e-300)
            let mean = zip(volumes, coefficients).reduce(0) { $0 + $1.0 * $1.1 } / total
            contrasts = zip(coefficients, diameters).map { transmission(($0 - mean) * $1 * micrometre) }
        }
        return contrasts
    }

    /// Å⁻¹, of photoelectric absorption alone: what hydrogen scatters out of the beam is not in it.
    package static func coefficient(_ structure: ReducedStructure, wavelength: Double) -> Double {
        let sum = structure.orbits.reduce(0.0) { sum, orbit in
            sum + Double(orbit.multiplicity)
                * orbit.occupants.reduce(0.0) { own, occupant in
                    let correction = DispersionCorrection(
                        occupant.species.element, wavelength: wavelength)
                    return own + occupant.occupancy * correction.imaginary
                }
        }
        return 2 * electronRadius * wavelength * sum / structure.lattice.volume
    }

    /// Mean of e^(−x·chord/diameter) over a sphere.
    package static func transmission(_ x: Double) -> Double {
        // The closed form loses its digits near nought; its series there.
        guard abs(x) > 0.02 else { return 1 - 0.75 * x + 0.3 * x * x }
        return 3 / (x * x * x) * (2 - exp(-x) * (x * x + 2 * x + 2))
    }
}
