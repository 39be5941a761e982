import Crystallography
import Diffraction
import Landscape
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// Patterns with noise and background, of which only the crystal family is known.
///
/// Reaches `SymmetryDecision`, `MeasuredRefinement`, `RecoveryProgress`.
@Suite struct PowderGroupRecoveryTests {
    /// Counts of a structure's pattern on a background that falls, 10,000 in the highest point.
    static func counts(_ structure: ReducedStructure, seed: UInt64) throws -> (PowderPattern, Instrument) {
        let radiation = Instrument.landscapePaper.radiation
        let instrument = Instrument(radiation: radiation, polarization: 1)
        let twoTheta = (0..<4250).map { 5 + Double($0) / 50 }
        let clean = try PowderCalculation(
            PowderModel(
                phases: [.init(structure)], instrument: instrument, scatteringTable: .pymatgen,
                dispersion: false), twoTheta: twoTheta
        ).calculated
        let highest = try #require(clean.max())
        var random = RandomStream(seed: seed, index: 11)
        let counts = zip(twoTheta, clean).map { angle, value in
            let mean = 10_000 * value / highest + 300 - 2 * angle
            return max(0, (mean + random.normal() * mean.squareRoot()).rounded())
        }
        return (PowderPattern(twoTheta: twoTheta, intensity: counts), instrument)
    }

    static func recovery(_ instrument: Instrument, seed: UInt64) -> PowderRecovery {
        var recovery = PowderRecovery(instrument: instrument)
        recovery.seed = seed
        recovery.settings.cell.spreads = [0.05, 0.1]
        recovery.scatteringTable = .pymatgen
        recovery.dispersion = false
        return recovery
    }

    static func site(_ symbol: String, _ position: SIMD3<Double>) throws -> Site {
        Site(try #require(Element(symbol: symbol)), at: position)
    }

    static func fluorite() throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("225"),
            lattice: Lattice(a: 5.463, b: 5.463, c: 5.463, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [try Self.site("Ca", .zero), try Self.site("F", SIMD3(0.25, 0.25, 0.25))],
            tolerance: 1e-5)
    }

    static func rutile() throws -> ReducedStructure {
        ReducedStructure(
            spaceGroup: try SpaceGroup.find("136"),
            lattice: Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [try Self.site("Ti", .zero), try Self.site("O", SIMD3(0.306, 0.306, 0))],
            tolerance: 1e-5)
    }

    @Test(
        "from the undistorted structure, atoms on special positions, the structure comes back, and its composition"
    )
    func rutileIsFoundFromItself() throws {
        let rutile = try Self.rutile()
        let (pattern, instrument) = try Self.counts(rutile, seed: 1)
        let found = try Self.recovery(instrument, seed: 1).recover(
            pattern, weights: PowderRecovery.weights(of: pattern), start: rutile.expanded(),
            in: CrystalFamily.tetragonal.spaceGroups)
        #expect(found.structure.expanded().composition == rutile.expanded().composition)
        for other in found.alternatives {
            #expect(other.structure.expanded().composition == rutile.expanded().composition)
        }
        #expect(found.structure.spaceGroup.number == 136)
        #expect(found.statistics.gof < 1.5)
    }

    /// Rutile, P4₂/mnm (Baur 1956: a 4.594, c 2.959 Å, u 0.306). Its subgroups fit as well: the highest symmetry is taken.
    @Test(arguments: [1, 2, 3] as [UInt64]) func rutileIsFoundFromItsFamily(_ seed: UInt64) throws {
        let rutile = try Self.rutile()
        let (pattern, instrument) = try Self.counts(rutile, seed: seed)
        let start = Distortion(lattice: 0.05, coordinates: 0.05).applied(to: rutile.expanded(), seed: seed)
        let found = try Self.recovery(instrument, seed: seed).recover(
            pattern, weights: PowderRecovery.weights(of: pattern), start: start,
            in: CrystalFamily.tetragonal.spaceGroups)
        #expect(found.structure.spaceGroup.number == 136)
        #expect(abs(found.structure.lattice.lengths.x / 4.594 - 1) < 5e-4)
        #expect(abs(found.structure.lattice.lengths.z / 2.959 - 1) < 5e-4)
        #expect(found.statistics.gof < 1.5)
    }

    /// Fluorite, Fm-3m (a 5.463 Å): of the lattices P, I and F, the one with the most centring vectors.
    @Test func centringIsFoundFromTheFamily() throws {
        let fluorite = try Self.fluorite()
        let (pattern, instrument) = try Self.counts(fluorite, seed: 1)
        let start = Distortion(lattice: 0.05, coordinates: 0.05).applied(to: fluorite.expanded(), seed: 1)
        let found = try Self.recovery(instrument, seed: 1).recover(
            pattern, weights: PowderRecovery.weights(of: pattern), start: start,
            in: CrystalFamily.cubic.spaceGroups)
        #expect(found.structure.spaceGroup.number == 225)
        #expect(abs(found.structure.lattice.lengths.x / 5.463 - 1) < 5e-4)
    }

    @Test("groups whose positions the composition cannot fill are no answer") func nothingFits() throws {
        let fluorite = try Self.fluorite()
        let (pattern, instrument) = try Self.counts(fluorite, seed: 1)
        // Ia-3d has no orbit of four atoms.
        let error = #expect(throws: RecoveryError.self) {
            try Self.recovery(instrument, seed: 1).recover(
                pattern, weights: PowderRecovery.weights(of: pattern), start: fluorite.expanded(),
                in: [try SpaceGroup.find("230")])
        }
        guard case .noPositions = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
