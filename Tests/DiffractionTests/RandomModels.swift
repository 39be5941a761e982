import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry

/// Random crystals and models over all crystal systems: polar, chiral, centred, special positions.
enum RandomModels {
    /// Hall numbers: P1, P-1, P2, P2₁, Cm, P2₁/c, C2/c, P2₁2₁2₁, Pca2₁, Pnma, Fdd2, Cmcm, I4, I-4, P4₂/mnm, I4₁/amd,
    /// P3, R3m, P3₁21, R-3c, P6₃, P6₃/m, P6₃mc, P6₃/mmc, P2₁3, I2₁3, F-43m, Pa-3, Fm-3m, Fd-3m (origin 2).
    static let hallNumbers = [
        1, 2, 3, 6, 39, 81, 90, 115, 143, 292, 210, 298, 350, 353, 405, 410, 430, 450, 441, 460, 467, 469,
        483, 488,
        491, 493, 512, 502, 523, 526,
    ]

    /// (Hall number, seed): each group once, or 120 models over all of them under `make laws`.
    static let cases: [Case] = {
        let isWholeWanted = ProcessInfo.processInfo.environment["WYCKOFF_LAWS"] == "all"
        return (0..<(isWholeWanted ? 4 : 1)).flatMap { round in
            hallNumbers.map { Case(hallNumber: $0, seed: UInt64(11 + round)) }
        }
    }()

    struct Case: Sendable, CustomStringConvertible {
        let hallNumber: Int
        let seed: UInt64
        var description: String { "Hall \(hallNumber), seed \(seed)" }
    }

    static let species = ["Pb2+", "S", "O", "Fe3+", "Ca", "La", "F1-", "Ti4+", "C", "I"]

    static func structure(hallNumber: Int, random: inout RandomStream) -> ReducedStructure? {
        guard let group = SpaceGroup(hallNumber: hallNumber) else { return nil }
        let lengths = (0..<3).map { _ in random.uniform(5, 9) }
        let angles = (0..<3).map { _ in random.uniform(80, 105) }
        let hexagonal =
            group.operations.contains { $0.rotation.trace == 0 && $0.rotation.row0.x == 0 }
            && group.crystalFamily == .hexagonal && !group.hasRhombohedralAxes
        let lattice = Lattice(
            a: lengths[0], b: lengths[1], c: lengths[2], alpha: hexagonal ? 90 : angles[0],
            beta: hexagonal ? 90 : angles[1], gamma: hexagonal ? 120 : angles[2])
        var sites: [Site] = []
        for index in 0..<3 {
            var position = SIMD3(random.uniform(), random.uniform(), random.uniform())
            // Half of the atoms start on a coordinate that special positions like.
            if index == 1 { position = SIMD3(0, 0, random.uniform()) }
            if index == 2 { position = SIMD3(random.uniform(), 0.25, random.uniform()) }
            guard let species = Species(symbol: Self.species[random.index(below: Self.species.count)]) else {
                continue
            }
            var site = Site(
                label: "A\(index + 1)", occupants: [Occupant(species, occupancy: random.uniform(0.5, 1))],
                position: position, displacement: .isotropic(b: random.uniform(0.3, 2)))
            if index == 0, let other = Species(symbol: "Sr") {
                site.occupants.append(Occupant(other, occupancy: 0.3))
            }
            if index == 2 {
                let u = random.uniform(0.01, 0.02)
                site.displacement = .anisotropic(u: Matrix3(diagonal: SIMD3(repeating: u)))
            }
            sites.append(site)
        }
        return ReducedStructure(spaceGroup: group, lattice: lattice, asymmetricSites: sites)
    }

    static func model(hallNumber: Int, random: inout RandomStream) throws -> PowderModel? {
        guard let structure = structure(hallNumber: hallNumber, random: &random) else { return nil }
        var phase = PowderModel.Phase(
            structure, scale: random.uniform(0.5, 2), overallB: 0.2, size: 0.01, strain: 0.02,
            preferredOrientation: .init(plane: SIMD3(0, 1, 1), ratio: random.uniform(0.7, 1.3)))
        phase.name = "random"
        var instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), geometry: .braggBrentano, polarization: 0.8,
            zero: 0.02, displacement: -0.03, transparency: 0.01, absorption: 0.2,
            widths: PeakWidths(u: 0.02, v: -0.01, w: 0.04, p: 0.003, x: 0.05, y: 0.03), radius: 20)
        // Every other model with axial divergence, in turn with a longer sample and a longer slit.
        if hallNumber % 2 == 0 {
            instrument.axial = AxialDivergence(
                sample: hallNumber % 4 == 0 ? 0.02 : 0.03, slit: hallNumber % 4 == 0 ? 0.03 : 0.02,
                incident: hallNumber % 8 == 0 ? 3 : 0, points: hallNumber % 8 == 0 ? 3 : 8)
        }
        // Others on a flat sample in a divergent beam, with the width of the emission, above scattering by air.
        if hallNumber % 3 == 0 { instrument.equatorialDivergence = 1.5 }
        if hallNumber % 5 == 0 { instrument.radiation = try Wavelength.radiation(named: "CuKa-emission") }
        return PowderModel(
            phases: [phase], instrument: instrument, background: [20, -5, 2],
            backgroundFunction: hallNumber % 7 == 0 ? .inverseQ : .chebyshev)
    }
}

/// Five-point central differences.
enum Differences {
    /// f′ at x from f at x ± step and x ± 2 step.
    static func fivePoint(_ f: (Double) -> Double, at x: Double, step: Double) -> Double {
        (8 * (f(x + step) - f(x - step)) - (f(x + 2 * step) - f(x - 2 * step))) / (12 * step)
    }

    /// The difference quotient closest to `expected` over steps 10⁻³, 10⁻⁴, 10⁻⁵ of `scale`.
    static func best(_ f: (Double) -> Double, at x: Double, scale: Double, expected: Double) -> Double {
        [1e-3, 3e-4, 1e-4, 3e-5, 1e-5].map { fivePoint(f, at: x, step: $0 * scale) }
            .min { abs($0 - expected) < abs($1 - expected) } ?? .nan
    }
}
