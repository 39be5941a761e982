import Crystallography
import Energies
import Parameterization
import Symmetry
import Testing

@Suite("CHGNetElements") struct CHGNetElementsTests {
    @Test("every element of the table is bound or a gas's molecule, none beyond what metals reach")
    func range() {
        #expect(CHGNetElements.energies.count > 70)
        for (element, energy) in CHGNetElements.energies {
            // eV/atom: helium 0, plutonium −14.25.
            #expect(energy < 0.5 && energy > -14.3, "\(element.symbol) \(energy)")
        }
    }

    @Test(
        "aluminium and silicon, relaxed by the same weights, have the table's energies",
        .enabled(if: Reference.isInstalled, "the model is not installed: wyckoff models fetch"))
    func relaxed() throws {
        let model = try Reference.model()
        for (symbol, group, a) in [("Al", "225", 4.04), ("Si", "F d -3 m :2", 5.46)] {
            let element = try #require(Element(symbol: symbol))
            let corner = symbol == "Si" ? SIMD3(0.125, 0.125, 0.125) : SIMD3<Double>.zero
            let structure = ReducedStructure(
                spaceGroup: try SpaceGroup.find(group),
                lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 90),
                asymmetricSites: [Site(element, at: corner)], tolerance: 1e-5)
            let energy = try Relaxation().relax(structure, model).last.evaluation.energyPerAtom
            let known = try #require(CHGNetElements.energies[element])
            #expect(abs(energy - known) < 0.002, "\(symbol) \(energy)")
        }
    }
}
