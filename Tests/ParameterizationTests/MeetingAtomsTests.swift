import Crystallography
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// An orbit's free coordinates may lie on a position of higher symmetry: its atoms meet there, and none is lost.
@Suite struct MeetingAtomsTests {
    /// A crystal of one orbit on `position`, and special points of the group that its free coordinates reach.
    private static func crystal(_ group: SpaceGroup, _ position: WyckoffPosition) -> (
        structure: ReducedStructure, meetings: [[Double]]
    )? {
        guard position.degreesOfFreedom > 0, let crystal = SymmetryLawsTests.crystal(group, position) else {
            return nil
        }
        let site = crystal.orbits[0].siteSymmetry
        let halves = [0, 0.25, 0.5]
        var meetings: [[Double]] = []
        for index in 0..<27 {
            let corner = [halves[index % 3], halves[index / 3 % 3], halves[index / 9]]
            let u = Array(corner.prefix(site.directions.count))
            let there = SiteSymmetry(
                of: site.position(u), in: group.operations, lattice: crystal.lattice, tolerance: 1e-6)
            if there.order > site.order, !meetings.contains(u) { meetings.append(u) }
        }
        return (crystal, meetings)
    }

    /// At most three meetings of each position: of a sample of the settings, of all with WYCKOFF_LAWS.
    private static func cases() -> [(structure: ReducedStructure, meeting: [Double])] {
        var random = RandomStream(seed: 43)
        var found: [(ReducedStructure, [Double])] = []
        for hall in 1...530 {
            guard let group = SpaceGroup(hallNumber: hall) else { continue }
            for position in group.wyckoffPositions
            where SymmetryLawsTests.everything || hall <= 2 || random.uniform() < 0.05 {
                guard let (structure, meetings) = crystal(group, position) else { continue }
                found += meetings.prefix(3).map { (structure, $0) }
            }
        }
        return found
    }

    @Test("what is made of orbits, and reduced again, has all their atoms") func composition() throws {
        var families = Set<CrystalFamily>()
        for (crystal, meeting) in Self.cases() {
            let group = crystal.spaceGroup
            var moved = crystal
            moved.orbits[0].coordinates = meeting
            let atoms = moved.expanded()
            #expect(atoms.sites.count == crystal.orbits[0].multiplicity)
            let made = ReducedStructure(
                title: "", spaceGroup: group, lattice: crystal.lattice, orbits: moved.orbits)
            #expect(made.expanded().composition == atoms.composition, "Hall \(group.hallNumber) \(meeting)")
            for representative in [OrbitRepresentative.firstAtom, .firstTriplet] {
                let again = try ReducedStructure(
                    reducing: atoms, in: group, representative: representative)
                #expect(
                    ReducedStructureTests.largestDifference(again.expanded(), atoms) < 1e-9,
                    "Hall \(group.hallNumber) \(meeting)")
                let orbits = again.orbits.reduce(0) { $0 + $1.multiplicity }
                #expect(orbits == atoms.sites.count, "Hall \(group.hallNumber) \(meeting)")
            }
            families.insert(group.crystalFamily)
        }
        #expect(families.count == 6)
    }

    @Test("atoms that nearly meet stay the atoms of their orbit, on their own position") func nearly() throws
    {
        for (crystal, meeting) in Self.cases() {
            let group = crystal.spaceGroup
            var moved = crystal
            let directions = crystal.orbits[0].siteSymmetry.directions.map {
                crystal.lattice.length(SIMD3<Double>($0))
            }
            moved.orbits[0].coordinates = zip(meeting, directions).enumerated().map { index, value in
                // Less than the tolerance away, in another direction for each coordinate.
                value.0 + (2e-4 + 7e-5 * Double(index)) / value.1
            }
            let atoms = moved.expanded()
            for representative in [OrbitRepresentative.firstAtom, .firstTriplet] {
                let again = try ReducedStructure(
                    reducing: atoms, in: group, representative: representative)
                #expect(again.orbits.map(\.multiplicity) == moved.orbits.map(\.multiplicity))
                #expect(again.orbits.map(\.letter) == moved.orbits.map(\.letter))
                #expect(
                    ReducedStructureTests.largestDifference(again.expanded(), atoms) < 1e-9,
                    "Hall \(group.hallNumber) \(meeting)")
            }
        }
    }
}
