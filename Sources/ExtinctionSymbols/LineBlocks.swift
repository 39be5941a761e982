import Diffraction
import Foundation
import Refinement

/// Lines that stand so near to each other that no profile separates them are one: their intensities enter as a sum.
struct LineBlocks {
    /// One place of the pattern.
    struct Block {
        var orbits: [PowderOrbit]
        /// Degrees, of the first line.
        var twoTheta: Double
        /// Of all together.
        var intensity: Double
        /// The profile of the one with the most reflections.
        var column: ProfileColumn
    }

    private(set) var blocks: [Block] = []

    /// - Parameters:
    ///   - orbits: in the order of Q, as many as the fit has intensities.
    ///   - width: share of the FWHM over which a block reaches.
    init(_ fit: PawleyFit.Result, _ data: PawleyFit.Data, orbits: [PowderOrbit], width: Double) {
        let metric = fit.lattice.lattice.reciprocalMetric
        let wavelength = data.radiation.wavelength
        let (first, last) = (data.twoTheta.first ?? 0, data.twoTheta.last ?? 0)
        for (orbit, intensity) in zip(orbits, fit.intensities) {
            let q = 4 * ReflectionList.q(of: orbit.index, reciprocalMetric: metric)
            let s = wavelength * q.squareRoot() / 2
            guard s < 0.9999,
                let column = fit.profile.column(q: q, radiation: data.radiation, grid: data.twoTheta)
            else { continue }
            let place = 2 * asin(s) * 180 / .pi + fit.profile.zero
            guard place > first, place < last else { continue }
            let reach = width * fit.profile.width(at: place)
            if let block = blocks.last, place - block.twoTheta < reach {
                let most = block.orbits.map(\.members.count).max() ?? 0
                if orbit.members.count > most { blocks[blocks.count - 1].column = column }
                blocks[blocks.count - 1].orbits.append(orbit)
                blocks[blocks.count - 1].intensity += intensity
            } else {
                blocks.append(
                    Block(orbits: [orbit], twoTheta: place, intensity: intensity, column: column))
            }
        }
    }
}

extension CellProfile {
    /// FWHM at an angle, degrees 2θ both.
    func width(at twoTheta: Double) -> Double {
        let tangent = tan(twoTheta * .pi / 360)
        return max(0.1 * w, w + u * tangent * tangent).squareRoot()
    }
}
