import Crystallography
import Foundation
import NumericalMethods
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("CompositionAssignment") struct CompositionAssignmentTests {
    private let assignment = CompositionAssignment(settings: RecoverySettings.Solution())

    private func part(_ symbol: String, _ count: Int) throws -> CompositionAssignment.Part {
        CompositionAssignment.Part(
            [Occupant(Species(try #require(Element(symbol: symbol))))], count: count)
    }

    /// A cell of the group's family.
    private func lattice(_ group: SpaceGroup) -> Lattice {
        switch group.crystalFamily {
        case .cubic: Lattice(a: 8, b: 8, c: 8, alpha: 90, beta: 90, gamma: 90)
        case .hexagonal: Lattice(a: 7, b: 7, c: 11, alpha: 90, beta: 90, gamma: 120)
        case .tetragonal: Lattice(a: 7, b: 7, c: 10, alpha: 90, beta: 90, gamma: 90)
        default: Lattice(a: 7, b: 8, c: 9, alpha: 90, beta: 90, gamma: 90)
        }
    }

    @Test(
        "every way holds the composition that was given, and no two ways occupy the same positions",
        arguments: ["P n m a", "P 63/m", "I 41/a m d :2", "R -3 c :H", "P 1 21/c 1"])
    func composition(symbol: String) throws {
        let group = try SpaceGroup.find(symbol)
        let parts = [try part("Pb", 4), try part("S", 4), try part("O", 16)]
        let scaled = group.centring.vectors.count == 3 ? [try part("Ca", 6), try part("O", 18)] : parts
        let ways = try assignment.structures(of: scaled, in: group, lattice: lattice(group))
        #expect(!ways.isEmpty)
        for way in ways {
            for part in scaled {
                let atoms = way.orbits.filter { $0.occupants == part.occupants }.reduce(0) {
                    $0 + $1.multiplicity
                }
                #expect(atoms == part.count)
            }
        }
        #expect(Set(ways.map(\.occupation)).count == ways.count)
    }

    @Test("lead sulfate's own way is among those of Pnma: Pb 4c, S 4c, O 4c 4c 8d")
    func leadSulfate() throws {
        let group = try SpaceGroup.find("P n m a")
        let parts = [try part("Pb", 4), try part("S", 4), try part("O", 16)]
        let ways = try assignment.structures(of: parts, in: group, lattice: lattice(group))
        let letters = ways.map { way in way.orbits.map(\.letter).sorted().joined() }
        #expect(letters.contains("ccccd"))
    }

    @Test("a composition that cannot fill a group has no way there: three atoms in a face-centred cell")
    func impossible() throws {
        let group = try SpaceGroup.find("F m -3 m")
        #expect(
            try assignment.structures(of: [try part("Na", 3)], in: group, lattice: lattice(group)).isEmpty)
    }

    @Test("simple ways come first: what their orbits count for does not fall")
    func order() throws {
        let group = try SpaceGroup.find("P n m a")
        let ways = try assignment.structures(
            of: [try part("Si", 4), try part("O", 8)], in: group, lattice: lattice(group))
        let costs = assignment.settings.placeCosts
        let complexity = ways.map { way in
            way.orbits.reduce(0) { $0 + costs[$1.siteSymmetry.directions.count] }
        }
        #expect(complexity == complexity.sorted())
    }

    @Test("in P -1 all atoms on general positions come first, and long searches are few")
    func triclinic() throws {
        let group = try SpaceGroup.find("P -1")
        let parts = [try part("Cs", 2), try part("I", 4), try part("O", 12)]
        let ways = try assignment.structures(of: parts, in: group, lattice: lattice(group))
        #expect(ways.first?.orbits.allSatisfy { $0.letter == "i" } == true)
        #expect(
            ways.count == assignment.settings.leastWays || ways.count == assignment.settings.waysOfGroup
                || ways.reduce(0) { $0 + pow(Double($1.freeCoordinates.count), 3) }
                    <= assignment.settings.searchEffort
        )
        #expect(ways.count < assignment.settings.waysOfGroup)
    }
}
