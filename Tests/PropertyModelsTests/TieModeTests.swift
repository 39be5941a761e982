import Crystallography
import NumericalMethods
import Parameterization
import PropertyModels
import Symmetry
import Testing

@Suite struct TieModeTests {
    private func rocksalt(order: [Int]? = nil) throws -> CrystalStructure {
        let reduced = try ReducedStructure(
            spaceGroup: SpaceGroup.find("225"),
            lattice: Lattice(a: 5.64, b: 5.64, c: 5.64, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: [
                Site(try #require(Element(symbol: "Na")), at: .zero),
                Site(try #require(Element(symbol: "Cl")), at: SIMD3(repeating: 0.5)),
            ])
        var structure = reduced.expanded()
        if let order { structure.sites = order.map { structure.sites[$0] } }
        return structure
    }

    /// Six neighbours at a/2, then twelve at a/√2 of which the limit of twelve leaves six places.
    @Test func aShellThatTheLimitCutsIsSharedOrCut() throws {
        let structure = try rocksalt()
        for mode in TieMode.allCases {
            let list = NeighbourList(structure, ties: mode)
            for target in structure.sites.indices {
                let row = list.entries.filter { Int($0.target) == target }
                #expect(abs(row.reduce(0) { $0 + $1.weight } - 12) < 1e-12)
                #expect(row.count == (mode == .reference ? 12 : 18))
                let shared = row.filter { $0.weight < 1 }
                #expect(shared.count == (mode == .reference ? 0 : 12))
                #expect(shared.allSatisfy { abs($0.weight - 0.5) < 1e-12 })
            }
            #expect(list.cutShells == structure.sites.count)
        }
    }

    /// Only a shell that enters whole gives equivalent atoms equal surroundings, whatever the order of the atoms.
    @Test func sharedShellsHaveTheCrystalsSymmetry() throws {
        for order in [Array(0..<8), [7, 3, 5, 1, 0, 2, 4, 6]] {
            let structure = try rocksalt(order: order)
            let list = NeighbourList(structure, ties: .symmetric)
            let rows = structure.sites.indices.map { target -> [Double] in
                list.entries.filter { Int($0.target) == target }.map { entry in
                    let f =
                        structure.sites[Int(entry.atom)].position + SIMD3<Double>(entry.cell)
                        - structure.sites[target].position
                    return structure.lattice.length(f) * entry.weight
                }.sorted()
            }
            for row in rows { #expect(zip(row, rows[0]).allSatisfy { abs($0 - $1) < 1e-9 }) }
        }
    }

    @Test func errorsAreOneLineWithWhatToDo() throws {
        let errors: [PropertyModelError] = [
            .noAtoms, .disorder(atom: 0), .unknownElement(symbol: "Md"),
            .architecture(file: "x", reason: "y"), .unknownModel("hardness", known: ["gap", "metal"]),
        ]
        for error in errors { #expect(!error.description.contains("\n") && !error.description.isEmpty) }
        #expect(throws: PropertyModelError.unknownModel("hardness", known: PropertyModel.all.map(\.name))) {
            try PropertyModel.named("hardness")
        }
        var shared = try rocksalt()
        shared.sites[3].occupants[0].occupancy = 0.5
        #expect(throws: PropertyModelError.disorder(atom: 3)) { try MixedCrystal(shared, ties: .symmetric) }
        shared.sites = []
        #expect(throws: PropertyModelError.noAtoms) { try MixedCrystal(shared, ties: .symmetric) }
        var heavy = try rocksalt()
        heavy.sites[0].occupants = [Occupant(Species(try #require(Element(atomicNumber: 101))))]
        #expect(throws: PropertyModelError.unknownElement(symbol: "Md")) {
            try MixedCrystal(heavy, ties: .symmetric)
        }
    }
}
