import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

@Suite("Threads of a prepared calculation") struct SharedWorkTests {
    /// Many atoms in a large polar cell with f″ and anisotropic displacements: every kind of work is shared.
    static func model() throws -> PowderModel {
        var random = RandomStream(seed: 31)
        let group = try #require(SpaceGroup(hallNumber: 143))
        let sites = try (0..<40).map { index in
            let species = try #require(
                Species(symbol: RandomModels.species[index % RandomModels.species.count]))
            return Site(
                label: "A\(index)", occupants: [Occupant(species)],
                position: SIMD3(random.uniform(), random.uniform(), random.uniform()),
                displacement: index == 0
                    ? .anisotropic(u: Matrix3(diagonal: SIMD3(0.01, 0.02, 0.015))) : .isotropic(b: 1))
        }
        let structure = ReducedStructure(
            spaceGroup: group, lattice: Lattice(a: 18, b: 19, c: 17, alpha: 90, beta: 90, gamma: 90),
            asymmetricSites: sites)
        var phase = PowderModel.Phase(structure)
        phase.preferredOrientation = .init(plane: SIMD3(0, 0, 1), ratio: 0.9)
        let instrument = Instrument(
            radiation: try Wavelength.radiation(named: "CuKa"), widths: PeakWidths(w: 0.01, x: 0.03),
            axial: AxialDivergence(sample: 0.02, slit: 0.02, points: 4))
        return PowderModel(phases: [phase], instrument: instrument, background: [1, 2])
    }

    struct Numbers: Equatable {
        var pattern: [Double]
        var gradient: [Double]
        var jacobian: DenseMatrix
        var normal: NormalEquations
    }

    static func numbers(threads: Int) throws -> Numbers {
        let model = try model()
        let grid = stride(from: 8.0, through: 45.0, by: 0.05).map { $0 }
        let names = model.parameters.map(\.name).enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
        let calculation = try PowderCalculation(model, twoTheta: grid, free: names, threads: threads)
        calculation.values = calculation.values.map { $0 * 1.0001 }
        let observed = grid.map { 100 + $0 }
        var normal = NormalEquations(parameterCount: names.count)
        calculation.normalEquations(observed: observed, weights: observed, into: &normal)
        return Numbers(
            pattern: calculation.calculated, gradient: calculation.gradient(of: grid),
            jacobian: calculation.jacobian, normal: normal)
    }

    @Test("change no bit of pattern, gradient, Jacobian and normal equations")
    func threads() throws {
        let one = try Self.numbers(threads: 1)
        #expect(!one.gradient.contains { !$0.isFinite })
        for threads in [2, 3] {
            let many = try Self.numbers(threads: threads)
            #expect(many.pattern == one.pattern)
            #expect(many.gradient == one.gradient)
            #expect(many.jacobian == one.jacobian)
            #expect(many.normal == one.normal)
        }
    }

    @Test("change no bit of structure factors and their gradient")
    func factors() throws {
        let structure = try Self.model().phases[0].structure
        let orbits = try structure.orbits.map {
            try ScatteringOrbit($0, radiation: Radiation(wavelength: 1.5406))
        }
        let operations = structure.spaceGroup.operations
        let list = ReflectionList(
            operations: operations, reciprocalMetric: structure.lattice.reciprocalMetric, limit: 0.2)
        let results = try [1, 2, 4].map { threads in
            let factors = try StructureFactors(
                orbits: orbits, operations: operations, reflections: list,
                reciprocalMetric: structure.lattice.reciprocalMetric, threads: threads)
            var gradient = StructureFactorGradient(of: factors)
            var byQ = [Double](repeating: 0, count: list.count)
            let ones = [Double](repeating: 1, count: list.count)
            factors.reverse(cotangent: ones, into: &gradient, qGradient: &byQ)
            return (Array(factors.intensities), gradient.positions, gradient.b, byQ)
        }
        for other in results.dropFirst() {
            #expect(other.0 == results[0].0)
            #expect(other.1 == results[0].1)
            #expect(other.2 == results[0].2)
            #expect(other.3 == results[0].3)
        }
    }
}
