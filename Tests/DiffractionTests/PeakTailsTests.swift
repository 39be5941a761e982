import Crystallography
import Diffraction
import Foundation
import Landscape
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Peaks that reach over the whole grid") struct PeakTailsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var hallNumber: Int
        var widths: PeakWidths
        var normalization: PeakNormalization
        var radiation: String
        var testDescription: String { "Hall \(hallNumber), \(widths), \(radiation)" }
    }

    /// The paper's widths, narrow peaks of two lines, and peaks wider than a block.
    static let cases = [
        Case(
            hallNumber: 1, widths: PeakWidths(u: 0.1, v: 0.01, w: 0.1, eta: 0.9), normalization: .height,
            radiation: "CuKa1"),
        Case(
            hallNumber: 62, widths: PeakWidths(w: 0.004, eta: 0.5), normalization: .area, radiation: "CuKa"),
        Case(
            hallNumber: 225, widths: PeakWidths(u: 3, w: 4, eta: 0.3), normalization: .area,
            radiation: "CuKa1"),
    ]

    static func model(_ test: Case) throws -> PowderModel {
        var random = RandomStream(seed: 41, index: UInt64(test.hallNumber))
        let structure = try #require(RandomModels.structure(hallNumber: test.hallNumber, random: &random))
        var instrument = Instrument.landscapePaper
        instrument.radiation = try Wavelength.radiation(named: test.radiation)
        (instrument.widths, instrument.normalization) = (test.widths, test.normalization)
        return PowderModel(phases: [.init(structure)], instrument: instrument)
    }

    static let grid = (0..<9001).map { Double($0) / 100 }

    /// An uneven grid, to which no blocks are laid.
    @Test("are on an even grid what they are point by point", arguments: cases)
    func values(_ test: Case) throws {
        let model = try Self.model(test)
        let whole = try PowderCalculation(model, twoTheta: Self.grid).calculated
        let highest = try #require(whole.max())
        for part in 0..<5 {
            var indices = (0..<9000).filter { ($0 * $0 + 3 * $0) % 5 == part || $0 % 11 == part }
            indices.append(9000)
            let some = try PowderCalculation(model, twoTheta: indices.map { Self.grid[$0] }).calculated
            for (index, value) in zip(indices, some) {
                #expect(abs(whole[index] - value) <= 1e-13 * highest + 1e-12 * value)
            }
        }
    }

    /// The Jacobian takes every peak at every point.
    @Test("have the gradient of the Jacobian", arguments: cases)
    func gradient(_ test: Case) throws {
        let model = try Self.model(test)
        let calculation = try PowderCalculation(
            model, twoTheta: Self.grid, free: model.parameters.map(\.name))
        var random = RandomStream(seed: 42)
        let cotangent = Self.grid.map { _ in random.normal() }
        let gradient = calculation.gradient(of: cotangent)
        let jacobian = calculation.jacobian
        for (k, name) in calculation.names.enumerated() {
            let terms = zip(jacobian.row(k), cotangent).map { $0 * $1 }
            let size = terms.reduce(0) { $0 + abs($1) }
            #expect(abs(gradient[k] - terms.reduce(0, +)) <= 1e-12 * size, "\(name)")
        }
    }

    @Test("are the same to the last bit whatever the number of threads, and ask for no memory")
    func threads() throws {
        let model = try Self.model(Self.cases[0])
        let names = model.parameters.map(\.name)
        let ones = Self.grid.map { 1 + 0.01 * $0 }
        let one = try PowderCalculation(model, twoTheta: Self.grid, free: names)
        for threads in [2, 3] {
            let many = try PowderCalculation(model, twoTheta: Self.grid, free: names, threads: threads)
            #expect(many.calculated == one.calculated)
            #expect(many.gradient(of: ones) == one.gradient(of: ones))
        }
        guard
            AllocationTests.allocations({ withExtendedLifetime([Double](repeating: 1, count: 9999)) {} }) > 0
        else { return }
        let start = one.values
        var values = start
        var gradient = [Double](repeating: 0, count: names.count)
        func steps(_ count: Int) {
            for k in 0..<count {
                for i in values.indices { values[i] = start[i] * (1 + 1e-6 * Double(k % 7)) }
                one.values = values
                one.withCalculated { _ in }
                one.gradient(of: ones, into: &gradient)
            }
        }
        steps(2)
        let count = AllocationTests.allocations { steps(20) }
        #expect(count == 0, "\(count) allocations in 20 steps")
    }
}
