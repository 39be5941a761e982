import Crystallography
import Parameterization
import Refinement
import Symmetry
import Testing

@Suite("molecules among structures") struct MolecularBondsTests {
    private static func structure(
        _ group: String, _ cell: [Double], _ sites: [(String, String, SIMD3<Double>)]
    ) throws -> ReducedStructure {
        let lattice = Lattice(
            a: cell[0], b: cell[1], c: cell[2], alpha: cell[3], beta: cell[4], gamma: cell[5])
        return ReducedStructure(
            spaceGroup: try SpaceGroup.find(group), lattice: lattice,
            asymmetricSites: try sites.map { symbol, label, position in
                Site(try #require(Element(symbol: symbol)), at: position, label: label)
            })
    }

    @Test("half a ring about an inversion is a molecule, across the cell's edge too")
    func ring() throws {
        // Carbon 1.39 Å apart on a ring around the origin of a cell of 7 Å.
        let ring = [("C", "C1", SIMD3(0.1986, 0, 0)), ("C", "C2", SIMD3(0.0993, 0.1720, 0))]
        let third = ("C", "C3", SIMD3(-0.0993, 0.1720, 0))
        let benzene = try Self.structure("P -1", [7, 7, 7, 90, 90, 90], ring + [third])
        #expect(MolecularBonds.areIn(benzene))
        let apart = try Self.structure("P -1", [14, 14, 14, 90, 90, 90], ring + [third])
        #expect(!MolecularBonds.areIn(apart))
        #expect(!MolecularBonds.areIn(try Self.structure("P -1", [7, 7, 7, 90, 90, 90], ring)))
    }

    @Test("diamond, calcite and a carbide are no molecules")
    func inorganic() throws {
        let diamond = try Self.structure(
            "F d -3 m", [3.567, 3.567, 3.567, 90, 90, 90], [("C", "C1", SIMD3(repeating: 0.125))])
        let calcite = try Self.structure(
            "R -3 c", [4.99, 4.99, 17.06, 90, 90, 120],
            [
                ("Ca", "Ca1", .zero), ("C", "C1", SIMD3(0, 0, 0.25)), ("O", "O1", SIMD3(0.257, 0, 0.25)),
            ])
        let carbide = try Self.structure(
            "I 4/m m m", [3.89, 3.89, 6.38, 90, 90, 90],
            [("Ca", "Ca1", .zero), ("C", "C1", SIMD3(0, 0, 0.405))])
        for structure in [diamond, calcite, carbide] { #expect(!MolecularBonds.areIn(structure)) }
    }
}
