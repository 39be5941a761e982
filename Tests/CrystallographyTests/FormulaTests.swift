import Crystallography
import Testing

@Suite("Formula and density") struct FormulaTests {
    private func structure(_ a: Double, _ atoms: [(String, Int)]) throws -> CrystalStructure {
        var sites: [Site] = []
        for (symbol, count) in atoms {
            let species = try #require(Species(symbol: symbol))
            for _ in 0..<count { sites.append(Site(occupants: [Occupant(species)], position: .zero)) }
        }
        return CrystalStructure(
            lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90), sites: sites)
    }

    @Test("Orders and units: the cell's formula, one unit's, Hill's order with and without carbon")
    func orders() throws {
        let sulfate = Formula(try structure(8, [("Pb2+", 4), ("S", 4), ("O2-", 16)]))
        #expect(sulfate.text() == "O16Pb4S4")
        #expect(sulfate.text(.given) == "Pb4S4O16")
        #expect(sulfate.units == 4)
        #expect(sulfate.reduced.text(.hill, separator: " ") == "O4 Pb S")
        let methanol = Formula(try structure(8, [("O", 2), ("H", 6), ("D", 2), ("C", 2)]))
        #expect(methanol.reduced.text(.hill, separator: " ") == "C H3 D O")
    }

    @Test("Broken numbers stay as they are; a kind is counted once")
    func brokenNumbers() {
        let formula = Formula([.init("Fe", 3.8), .init("O", 2), .init("O", 2)])
        #expect(formula.units == 1)
        #expect(formula.text() == "Fe3.8O4")
        #expect(Formula([Formula.Part]()).units == 1 && Formula([Formula.Part]()).text().isEmpty)
    }

    @Test("Silicon weighs 2.329 g/cm³, half occupied the half")
    func silicon() throws {
        var silicon = try structure(5.431, [("Si", 8)])
        #expect(abs(silicon.density - 2.3291) < 1e-3)
        for index in silicon.sites.indices { silicon.sites[index].occupants[0].occupancy = 0.5 }
        #expect(abs(silicon.density - 2.3291 / 2) < 1e-3)
    }
}
