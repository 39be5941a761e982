import Crystallography
import Diffraction
import Landscape
import Matching
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// Reaches `PlacedSearch`, `ExactRefinement`.
@Suite struct SimulatedRecoveryTests {
    private static func site(_ symbol: String, _ position: SIMD3<Double>) throws -> Site {
        let species = try #require(Species(symbol: symbol))
        return Site(label: symbol, occupants: [Occupant(species)], position: position)
    }

    /// Ammonium perrhenate, I4₁/a (Materials Project mp-24128). A pattern with the hydrogen elsewhere than it is fits to
    /// 0.1 %: that is no end.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func lightAtomsBesideHeavyOnesAreFound(_ seed: UInt64) throws {
        let salt = ReducedStructure(
            spaceGroup: try #require(SpaceGroup(hallNumber: 364)),
            lattice: Lattice(a: 6.24956, b: 6.24956, c: 12.25703, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                try Self.site("Re", .zero), try Self.site("N", SIMD3(0, 0.5, 0.75)),
                try Self.site("H", SIMD3(0.04351, 0.87303, 0.45005)),
                try Self.site("O", SIMD3(0.79891, 0.11203, 0.08213)),
            ], tolerance: 1e-5)
        #expect(salt.expanded().sites.count == 40)
        let twoTheta = (0..<9000).map { Double($0) / 100 }
        let model = PowderModel(
            phases: [.init(salt)], instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        let pattern = try PowderCalculation(model, twoTheta: twoTheta).calculated
        let distorted = Distortion(coordinates: 0.1).applied(to: salt.expanded(), seed: seed)
        var assignment = SkeletonAssignment()
        assignment.seed = seed
        var recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        recovery.seed = seed
        let result = try recovery.recover(
            twoTheta: twoTheta, intensity: pattern, start: assignment.assign(distorted, on: salt).structure)
        #expect(result.rwp < 1e-4)
        let comparison = ExactRecovery(of: result.structure.expanded(), reference: salt.expanded())
        #expect(comparison?.isExact == true)
    }

    /// Scandium fluoride, R32 (Materials Project mp-559092): its rhombohedral cell is cubic but for 0.17°. Lines that fall
    /// together fit its mirror image, too; the intensities of the structure do not.
    @Test(arguments: [1, 2, 3] as [UInt64]) func bothSidesOfAHigherMetricAreTried(_ seed: UInt64) throws {
        let fluoride = ReducedStructure(
            spaceGroup: try #require(SpaceGroup(hallNumber: 444)),
            lattice: Lattice(a: 5.74501, b: 5.74501, c: 7.06946, alpha: 90, beta: 90, gamma: 120),
            asymmetricSites: [try Self.site("Sc", .zero), try Self.site("F", SIMD3(0.511566, 0, 0.5))],
            tolerance: 1e-5)
        #expect(fluoride.expanded().sites.count == 12)
        let twoTheta = (0..<9000).map { Double($0) / 100 }
        let model = PowderModel(
            phases: [.init(fluoride)], instrument: .landscapePaper, scatteringTable: .pymatgen,
            dispersion: false)
        let pattern = try PowderCalculation(model, twoTheta: twoTheta).calculated
        let distorted = Distortion(lattice: 0.1).applied(to: fluoride.expanded(), seed: seed)
        var assignment = SkeletonAssignment()
        assignment.seed = seed
        let recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        let result = try recovery.recover(
            twoTheta: twoTheta, intensity: pattern,
            start: assignment.assign(distorted, on: fluoride).structure)
        #expect(result.rwp < 1e-4)
        let comparison = ExactRecovery(of: result.structure.expanded(), reference: fluoride.expanded())
        #expect(comparison?.isExact == true)
    }
}
