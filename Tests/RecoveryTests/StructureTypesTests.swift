import Crystallography
import Parameterization
import Recovery
import Symmetry
import Testing

@Suite("StructureTypes") struct StructureTypesTests {
    private func part(_ symbol: String, _ count: Int) throws -> CompositionAssignment.Part {
        CompositionAssignment.Part(
            [Occupant(Species(try #require(Element(symbol: symbol))))], count: count)
    }

    private func ways(
        _ parts: [CompositionAssignment.Part], _ symbol: String, _ lattice: Lattice
    ) throws -> [ReducedStructure] {
        let assignment = TypeAssignment(
            try StructureTypes.embedded(), settings: RecoverySettings.Solution())
        return try assignment.structures(of: parts, in: [try SpaceGroup.find(symbol)], lattice: lattice)
    }

    @Test("the program's table is whole")
    func embedded() throws { #expect(try StructureTypes.embedded().count == 2982) }

    @Test("calcium fluoride has the fluorite type first: Ca on 4a or 4b, F on 8c, no atoms too close")
    func fluorite() throws {
        let lattice = Lattice(a: 5.463, b: 5.463, c: 5.463, alpha: 90, beta: 90, gamma: 90)
        let ways = try ways([try part("Ca", 4), try part("F", 8)], "F m -3 m", lattice)
        let first = try #require(ways.first)
        #expect(first.orbits.map { "\($0.multiplicity)\($0.letter)" }.sorted() == ["4a", "8c"])
        #expect(Contacts(first).shortestShare > Contacts.sane)
    }

    /// The table has Pnma; the cell's axes ask for Pbnm.
    @Test("a type is turned to the axes of the cell: orthoferrites in P b n m")
    func turned() throws {
        let lattice = Lattice(a: 5.35, b: 5.61, c: 7.67, alpha: 90, beta: 90, gamma: 90)
        let ways = try ways([try part("Gd", 4), try part("Fe", 4), try part("O", 12)], "P b n m", lattice)
        let perovskite = try #require(
            ways.first { way in
                way.orbits.map { "\($0.multiplicity)\($0.letter)" }.sorted() == ["4b", "4c", "4c", "8d"]
                    || way.orbits.map { "\($0.multiplicity)\($0.letter)" }.sorted() == [
                        "4a", "4c", "4c", "8d",
                    ]
            })
        #expect(Contacts(perovskite).shortestShare > Contacts.sane)
    }

    @Test("no type, no way; a line that is none is named")
    func none() throws {
        let empty = TypeAssignment(.none, settings: RecoverySettings.Solution())
        let lattice = Lattice(a: 5, b: 5, c: 5, alpha: 90, beta: 90, gamma: 90)
        let group = try SpaceGroup.find("F m -3 m")
        #expect(
            try empty.structures(of: [try part("Na", 4), try part("Cl", 4)], in: [group], lattice: lattice)
                .isEmpty)
        #expect(throws: StructureTypesError(line: 2)) { try StructureTypes(parsing: "# head\n523\tx\n") }
    }
}
