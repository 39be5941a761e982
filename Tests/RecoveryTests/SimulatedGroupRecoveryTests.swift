import Crystallography
import Diffraction
import Landscape
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

/// Reaches `AssignmentSearch`.
@Suite struct SimulatedGroupRecoveryTests {
    /// ITA Vol. A: how many space-group types each family has.
    @Test(arguments: [
        (CrystalFamily.triclinic, 2), (.monoclinic, 13), (.orthorhombic, 59), (.tetragonal, 68),
        (.hexagonal, 52), (.cubic, 36),
    ])
    func aFamilyHasItsSpaceGroupTypes(_ family: CrystalFamily, _ count: Int) {
        let groups = family.spaceGroups
        #expect(Set(groups.map(\.number)).count == count && groups.count == count)
        #expect(groups.allSatisfy { $0.crystalFamily == family && !$0.hasRhombohedralAxes })
    }

    /// Rutile, P4₂/mnm (Baur 1956: a 4.594, c 2.959 Å, u 0.306), of which only the family is known.
    @Test(arguments: [1, 2, 3] as [UInt64]) func rutileIsFoundFromItsFamily(_ seed: UInt64) throws {
        let (rutile, twoTheta, pattern) = try Self.rutile()
        let start = Distortion(lattice: 0.05, coordinates: 0.05).applied(to: rutile.expanded(), seed: seed)
        var recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        recovery.seed = seed
        let found = try recovery.recover(
            twoTheta: twoTheta, intensity: pattern, start: start,
            in: CrystalFamily.tetragonal.spaceGroups)
        #expect(found.rwp < 1e-4)
        #expect(!found.isExhausted)
        let seen = try SymmetryFinder.find(in: found.structure.expanded(), tolerance: 0.01).spaceGroup
        #expect(seen.number == 136)
        #expect(abs(found.structure.lattice.lengths.x - 4.594) < 1e-4)
        #expect(abs(found.structure.lattice.lengths.z - 2.959) < 1e-4)
    }

    @Test("in a group that cannot hold it nothing fits; a search that may cost little ends and says so")
    func bound() throws {
        let (rutile, twoTheta, pattern) = try Self.rutile()
        let start = Distortion(lattice: 0.05, coordinates: 0.05).applied(to: rutile.expanded(), seed: 1)
        var recovery = SimulatedRecovery(
            instrument: .landscapePaper, scatteringTable: .pymatgen, dispersion: false)
        let group = try SpaceGroup.find("123")
        recovery.settings.ways.effort = 200
        let bounded = try recovery.recover(twoTheta: twoTheta, intensity: pattern, start: start, in: [group])
        #expect(bounded.isExhausted)
        #expect(bounded.rwp > 0.05)
        recovery.settings.ways.effort = 4_000_000
        let whole = try recovery.recover(twoTheta: twoTheta, intensity: pattern, start: start, in: [group])
        #expect(!whole.isExhausted)
        #expect(whole.rwp > 0.05)
        #expect(whole.assignmentsTried > bounded.assignmentsTried)
    }

    private static func rutile() throws -> (ReducedStructure, [Double], [Double]) {
        let group = try SpaceGroup.find("136")
        let lattice = Lattice(a: 4.594, b: 4.594, c: 2.959, alpha: 90, beta: 90, gamma: 90)
        let rutile = ReducedStructure(
            spaceGroup: group, lattice: lattice,
            asymmetricSites: [
                try Self.site("Ti", SIMD3(0, 0, 0)), try Self.site("O", SIMD3(0.306, 0.306, 0)),
            ], tolerance: 1e-5)
        let twoTheta = (0..<4500).map { Double($0) / 50 }
        let pattern = try PowderCalculation(
            PowderModel(
                phases: [.init(rutile)], instrument: .landscapePaper, scatteringTable: .pymatgen,
                dispersion: false),
            twoTheta: twoTheta
        ).calculated
        return (rutile, twoTheta, pattern)
    }

    private static func site(_ symbol: String, _ position: SIMD3<Double>) throws -> Site {
        let element = try #require(Element(symbol: symbol))
        return Site(element, at: position)
    }
}
