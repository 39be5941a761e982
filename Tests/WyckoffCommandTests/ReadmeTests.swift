import Foundation
import Testing
import Wyckoff

@Suite("README")
struct ReadmeTests {
    @Test("the library example of the README does what it says")
    func libraryExample() throws {
        let record = try CrystalFile.readFirst(CommandRun.data("structures/pbso4.cif"))
        let found = try SymmetryFinder.find(in: record.structure, tolerance: 0.01)
        let standard = try SymmetryFinder.standardize(record.structure, found)
        let reduced = try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
        #expect(reduced.parameters.count == 14)
        let model = PowderModel(
            phases: [.init(reduced)],
            instrument: Instrument(radiation: try Wavelength.radiation(named: "CuKa")))
        let calculation = try PowderCalculation(
            model, twoTheta: Array(stride(from: 10, to: 90, by: 0.02)), free: ["a", "O1.x"])
        #expect(calculation.calculated.count == 4000)
        #expect(calculation.jacobian.rows == 2)
    }
}
