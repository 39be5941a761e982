import CAllocationCount
import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Testing

/// Reaches `DoubleBuffer`.
@Suite(
    "Heap allocations of a step",
    .enabled(if: wyckoff_allocation_count() >= 0, "allocations are not counted on this system"))
struct AllocationTests {
    /// How often the body asks for memory.
    static func allocations(_ body: () throws -> Void) rethrows -> Int64 {
        let before = wyckoff_allocation_count()
        try body()
        return wyckoff_allocation_count() - before
    }

    @Test("an allocation is seen")
    func counter() {
        let count = Self.allocations {
            for n in 1...10 { withExtendedLifetime([Double](repeating: 1, count: 1000 * n)) {} }
        }
        #expect(count >= 10)
    }

    /// Polar with f″ and axial divergence, centrosymmetric with anisotropic displacements, cubic.
    @Test(
        "a thousand steps of value, gradient, Jacobian and normal equations ask for none",
        arguments: [143, 292, 460, 524])
    func steps(hallNumber: Int) throws {
        var random = RandomStream(seed: 21, index: UInt64(hallNumber))
        let model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
        let names = model.parameters.map(\.name)
        let grid = stride(from: 20.0, through: 40.0, by: 0.1).map { $0 }
        let calculation = try PowderCalculation(model, twoTheta: grid, free: names)
        let start = calculation.values
        let ones = [Double](repeating: 1, count: grid.count)
        var values = start
        var gradient = [Double](repeating: 0, count: names.count)
        var jacobian = DenseMatrix(rows: names.count, columns: grid.count)
        var normal = NormalEquations(parameterCount: names.count)
        func step(_ k: Int) {
            for i in values.indices { values[i] = start[i] * (1 + 1e-6 * Double(k % 7)) }
            calculation.values = values
            calculation.withCalculated { _ in }
            calculation.gradient(of: ones, into: &gradient)
            calculation.jacobian(into: &jacobian)
            calculation.normalEquations(observed: ones, weights: ones, into: &normal)
        }
        step(1)
        step(2)
        let count = Self.allocations { for k in 0..<1000 { step(k) } }
        #expect(count == 0, "\(count) allocations in 1000 steps")
    }

    @Test("a thousand trial moves ask for none", arguments: [1, 292])
    func moves(hallNumber: Int) throws {
        var random = RandomStream(seed: 22, index: UInt64(hallNumber))
        let structure = try #require(RandomModels.structure(hallNumber: hallNumber, random: &random))
        let orbits = try structure.orbits.map {
            try ScatteringOrbit($0, radiation: Radiation(wavelength: 1.5406))
        }
        let moving = try IntegratedIntensities(
            orbits: orbits, operations: structure.spaceGroup.operations,
            reciprocalMetric: structure.lattice.reciprocalMetric, limit: 0.09)
        let positions = orbits.map(\.position)
        let count = Self.allocations {
            for step in 0..<1000 {
                let orbit = step % positions.count
                moving.move(orbit, to: positions[orbit] + random.uniform())
                if step % 3 == 0 { moving.revert() }
            }
        }
        #expect(count == 0, "\(count) allocations in 1000 moves")
    }
}
