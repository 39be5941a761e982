import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// Texture by harmonics that the Laue class leaves as they are. Reaches `TextureFactors`.
@Suite("Harmonics of texture") struct HarmonicTextureTests {
    /// How many functions of orders 2, 4, 6, 8 each Laue class leaves: how often its trivial representation stands in that of
    /// the rotations (H.-J. Bunge, Texture Analysis in Materials Science, 1982, table 14.1).
    struct LaueClass: Sendable, CustomStringConvertible {
        let description: String
        let symbol: String
        let counts: [Int]
    }

    static let classes = [
        LaueClass(description: "-1", symbol: "P-1", counts: [5, 9, 13, 17]),
        LaueClass(description: "2/m", symbol: "P 1 2/m 1", counts: [3, 5, 7, 9]),
        LaueClass(description: "mmm", symbol: "Pmmm", counts: [2, 3, 4, 5]),
        LaueClass(description: "4/m", symbol: "P4/m", counts: [1, 3, 3, 5]),
        LaueClass(description: "4/mmm", symbol: "P4/mmm", counts: [1, 2, 2, 3]),
        LaueClass(description: "-3", symbol: "P-3", counts: [1, 3, 5, 5]),
        LaueClass(description: "-3m", symbol: "P-3m1", counts: [1, 2, 3, 3]),
        LaueClass(description: "6/m", symbol: "P6/m", counts: [1, 1, 3, 3]),
        LaueClass(description: "6/mmm", symbol: "P6/mmm", counts: [1, 1, 2, 2]),
        LaueClass(description: "m-3", symbol: "Pm-3", counts: [0, 1, 2, 1]),
        LaueClass(description: "m-3m", symbol: "Pm-3m", counts: [0, 1, 1, 1]),
    ]

    static func structure(hallNumber: Int) throws -> ReducedStructure {
        var random = RandomStream(seed: 51, index: UInt64(hallNumber))
        return try #require(RandomModels.structure(hallNumber: hallNumber, random: &random))
    }

    @Test(
        "every Laue class has as many functions of each order as its representation says", arguments: classes)
    func counts(laueClass: LaueClass) throws {
        let group = try #require(SpaceGroup.candidates(for: laueClass.symbol).first)
        let texture = HarmonicTexture(try Self.structure(hallNumber: group.hallNumber), order: 8)
        let counts = [2, 4, 6, 8].map { order in texture.names.count { $0.hasPrefix("C\(order).") } }
        #expect(counts == laueClass.counts)
    }

    @Test("in every one of the 530 settings equal reflections have equal functions")
    func settings() throws {
        for hallNumber in 1...530 {
            let structure = try Self.structure(hallNumber: hallNumber)
            let texture = HarmonicTexture(structure, order: 4)
            let index = SIMD3(2, -1, 5)
            let values = texture.functions(at: index)
            let rotations = Set(structure.spaceGroup.operations.map(\.rotation))
            let isSame = rotations.allSatisfy { rotation in
                zip(values, texture.functions(at: index * rotation)).allSatisfy { abs($0 - $1) < 1e-8 }
            }
            #expect(isSame, "Hall \(hallNumber)")
        }
    }

    @Test("functions are orthonormal over directions, so that the powder's whole intensity stays what it is")
    func orthonormal() throws {
        // Of a cubic crystal directions are indices: a fine net of them stands for the sphere.
        let texture = HarmonicTexture(try Self.structure(hallNumber: 517), order: 8)
        var (sums, squares, count) = (texture.values, texture.values, 0.0)
        var random = RandomStream(seed: 9)
        for _ in 0..<40_000 {
            let direction = SIMD3(random.normal(), random.normal(), random.normal())
            let index = SIMD3(
                Int((1000 * direction.x).rounded()), Int((1000 * direction.y).rounded()),
                Int((1000 * direction.z).rounded()))
            for (k, value) in texture.functions(at: index).enumerated() {
                sums[k] += value
                squares[k] += value * value
            }
            count += 1
        }
        for k in sums.indices {
            #expect(abs(sums[k] / count) < 0.03 && abs(squares[k] / count - 1) < 0.06, "\(texture.names[k])")
        }
    }

    @Test(
        "gradients against differences: coefficients, cell and coordinates",
        arguments: [2, 115, 298, 430, 460, 523])
    func gradients(hallNumber: Int) throws {
        var random = RandomStream(seed: 52, index: UInt64(hallNumber))
        var model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
        var texture = HarmonicTexture(model.phases[0].structure, order: 4)
        texture.values = texture.values.map { _ in random.uniform(-0.05, 0.05) }
        model.phases[0].texture = texture
        let names = model.parameters.map(\.name).filter { !$0.contains(".") || $0.hasPrefix("C") }
        #expect(names.contains("C4.1"))
        let calculation = try PowderCalculation(model, twoTheta: GradientCompletenessTests.grid, free: names)
        GradientCompletenessTests.check(calculation, "texture in Hall \(hallNumber)") {
            GradientCompletenessTests.quadratic($0)
        }
    }

    @Test("weak texture of plates after March and Dollase is that of harmonics")
    func march() throws {
        var random = RandomStream(seed: 53)
        var model = try #require(try RandomModels.model(hallNumber: 485, random: &random))
        let structure = model.phases[0].structure
        model.phases[0].preferredOrientation = .init(plane: SIMD3(0, 0, 1), ratio: 0.97)
        let grid = GradientCompletenessTests.grid
        let plates = try PowderCalculation(model, twoTheta: grid)
        let factors = plates.intensityFactors()
        model.phases[0].preferredOrientation = nil
        let plain = try PowderCalculation(model, twoTheta: grid)
        let ratios = zip(factors, plain.intensityFactors()).map { $1 > 0 ? $0 / $1 : .nan }
        // Of first order in 1 − r it is P₂(cos α) alone: one coefficient for all reflections.
        let texture = HarmonicTexture(structure, order: 2)
        var coefficients: [Double] = []
        for (reflection, ratio) in zip(plain.reflections, ratios) where ratio.isFinite {
            let value = texture.functions(at: reflection.index)[0]
            if abs(value) > 0.3 { coefficients.append((ratio - 1) / value) }
        }
        let mean = coefficients.reduce(0, +) / Double(max(1, coefficients.count))
        #expect(coefficients.count > 3 && abs(mean) > 0.02)
        #expect(coefficients.allSatisfy { abs($0 - mean) < 0.12 * abs(mean) }, "\(coefficients)")
    }
}
