import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// The invariants of microstrain, derived by the group's action, beside what is published of them. Reaches `StrainWidths`.
@Suite("Invariants of microstrain") struct StrainInvariantsTests {
    typealias Quartic = @Sendable (Double, Double, Double) -> Double

    /// A Laue class by a group in the usual setting; how many constants a fully symmetric tensor of rank 4 has in it (the
    /// elastic constants with the Cauchy relations; J. F. Nye, Physical Properties of Crystals, table 9); and the forms of
    /// Stephens' tables, each with its factors.
    struct LaueClass: Sendable, CustomStringConvertible {
        let description: String
        let symbol: String
        var choice = ""
        let count: Int
        let published: [Quartic]

        var group: SpaceGroup? {
            SpaceGroup.candidates(for: symbol).first { choice.isEmpty || $0.choice == choice }
        }

        var invariants: StrainInvariants? {
            group.map { StrainInvariants(rotations: $0.operations.map(\.rotation)) }
        }
    }

    private static let hexagonal: [Quartic] = [
        { h, k, _ in h * h * h * h + k * k * k * k + 2 * h * k * (h * h + k * k) + 3 * h * h * k * k },
        { _, _, l in l * l * l * l },
        { h, k, l in 3 * (h * h * l * l + k * k * l * l + h * k * l * l) },
    ]
    private static let cubic: [Quartic] = [
        { h, k, l in h * h * h * h + k * k * k * k + l * l * l * l },
        { h, k, l in 3 * (h * h * k * k + h * h * l * l + k * k * l * l) },
    ]
    private static let tetragonal: [Quartic] = [
        { h, k, _ in h * h * h * h + k * k * k * k },
        { _, _, l in l * l * l * l },
        { h, k, _ in 3 * h * h * k * k },
        { h, k, l in 3 * (h * h * l * l + k * k * l * l) },
    ]
    private static let squares: [Quartic] = [
        { h, _, _ in h * h * h * h }, { _, k, _ in k * k * k * k }, { _, _, l in l * l * l * l },
        { h, k, _ in 3 * h * h * k * k }, { h, _, l in 3 * h * h * l * l }, { _, k, l in 3 * k * k * l * l },
    ]
    private static let monoclinic: [Quartic] =
        squares + [
            { h, _, l in 2 * h * h * h * l }, { h, _, l in 2 * h * l * l * l },
            { h, k, l in 4 * h * k * k * l },
        ]
    private static let rhombohedral: [Quartic] =
        cubic + [
            { h, k, l in
                let one = h * l * l * l + l * k * k * k + k * h * h * h
                let other = l * h * h * h + k * l * l * l + h * k * k * k
                return 2 * (one + other)
            },
            { h, k, l in 4 * h * k * l * (h + k + l) },
        ]
    private static let trigonal: [Quartic] = hexagonal + [{ h, k, l in 4 * h * k * l * (h + k) }]

    static let classes = [
        LaueClass(description: "-1", symbol: "P-1", count: 15, published: monoclinic),
        LaueClass(description: "2/m", symbol: "P 1 2/m 1", count: 9, published: monoclinic),
        LaueClass(description: "mmm", symbol: "Pmmm", count: 6, published: squares),
        LaueClass(description: "4/m", symbol: "P4/m", count: 5, published: tetragonal),
        LaueClass(description: "4/mmm", symbol: "P4/mmm", count: 4, published: tetragonal),
        LaueClass(description: "-3", symbol: "P-3", count: 5, published: trigonal),
        LaueClass(description: "-31m", symbol: "P-31m", count: 4, published: trigonal),
        LaueClass(description: "-3m1", symbol: "P-3m1", count: 4, published: hexagonal),
        LaueClass(description: "-3, R", symbol: "R-3", choice: "R", count: 5, published: rhombohedral),
        LaueClass(description: "-3m, R", symbol: "R-3m", choice: "R", count: 4, published: rhombohedral),
        LaueClass(description: "6/m", symbol: "P6/m", count: 3, published: hexagonal),
        LaueClass(description: "6/mmm", symbol: "P6/mmm", count: 3, published: hexagonal),
        LaueClass(description: "m-3", symbol: "Pm-3", count: 2, published: cubic),
        LaueClass(description: "m-3m", symbol: "Pm-3m", count: 2, published: cubic),
    ]

    @Test(
        "of every Laue class as many as a fully symmetric tensor of rank 4 has constants, every published form among them",
        arguments: classes)
    func published(laueClass: LaueClass) throws {
        let invariants = try #require(laueClass.invariants)
        #expect(invariants.forms.count == laueClass.count)
        var random = RandomStream(seed: 5)
        let indices = (0..<40).map { _ in
            SIMD3(random.index(below: 13) - 6, random.index(below: 13) - 6, random.index(below: 13) - 6)
        }
        let rows = indices.map { invariants.values(at: $0) }
        let columns = rows[0].indices.map { column in rows.map { $0[column] } }
        for (number, form) in laueClass.published.enumerated() {
            let target = indices.map { form(Double($0.x), Double($0.y), Double($0.z)) }
            #expect(Self.rest(of: target, outside: columns) < 1e-9, "form \(number)")
        }
    }

    /// What least squares leaves of a vector, as a share of it.
    private static func rest(of target: [Double], outside columns: [[Double]]) -> Double {
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        var basis: [[Double]] = []
        func outside(_ vector: [Double]) -> [Double] {
            basis.reduce(vector) { left, unit in
                let share = dot(left, unit)
                return zip(left, unit).map { $0 - share * $1 }
            }
        }
        for column in columns {
            let vector = outside(outside(column))
            let length = dot(vector, vector).squareRoot()
            if length > 1e-9 { basis.append(vector.map { $0 / length }) }
        }
        let left = outside(target)
        return (dot(left, left) / dot(target, target)).squareRoot()
    }

    @Test("names and factors are Stephens': a hexagonal, a cubic and a monoclinic crystal to the digit")
    func conventions() throws {
        let named = [
            "6/mmm": ["S400", "S004", "S202"], "m-3m": ["S400", "S220"],
            "2/m": ["S400", "S040", "S004", "S220", "S202", "S022", "S301", "S103", "S121"],
        ]
        for laueClass in Self.classes {
            guard let names = named[laueClass.description] else { continue }
            let invariants = try #require(laueClass.invariants)
            #expect(invariants.forms.map(\.name) == names)
            for index in [SIMD3(1, 2, 3), SIMD3(-2, 1, 4), SIMD3(3, -1, 2)] {
                let h = SIMD3<Double>(index)
                let expected = laueClass.published.map { $0(h.x, h.y, h.z) }
                #expect(invariants.values(at: index) == expected, "\(laueClass)")
            }
        }
    }

    @Test("in every one of the 530 settings equal reflections have equal forms")
    func settings() throws {
        for hallNumber in 1...530 {
            let group = try #require(SpaceGroup(hallNumber: hallNumber))
            let rotations = Array(Set(group.operations.map(\.rotation)))
            let invariants = StrainInvariants(rotations: rotations)
            let values = invariants.values(at: SIMD3(2, -1, 5))
            let isSame = rotations.allSatisfy { rotation in
                let image = invariants.values(at: SIMD3(2, -1, 5) * rotation)
                return zip(values, image).allSatisfy { abs($0 - $1) <= 1e-9 * max(abs($0), 1) }
            }
            #expect(isSame, "Hall \(hallNumber)")
        }
    }

    @Test(
        "equal in all directions it is what the strain of a phase is",
        arguments: [1, 115, 292, 430, 458, 523])
    func isotropic(hallNumber: Int) throws {
        var random = RandomStream(seed: 12, index: UInt64(hallNumber))
        var model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
        model.phases[0].strain = 0
        var strained = model
        let strain = 0.0008
        strained.phases[0].microstrain = AnisotropicMicrostrain(model.phases[0].structure, strain: strain)
        model.phases[0].strain = 4 * strain * 180 / .pi
        let grid = GradientCompletenessTests.grid
        let expected = try PowderCalculation(model, twoTheta: grid).calculated
        let found = try PowderCalculation(strained, twoTheta: grid).calculated
        let top = expected.max() ?? 0
        let largest = zip(expected, found).map { abs($0 - $1) }.max() ?? .nan
        #expect(largest <= 1e-9 * top)
    }

    @Test(
        "gradients against differences: invariants, share and cell, in every shape",
        arguments: [PeakShape.gaussian, .lorentzian, .pseudoVoigt, .thompsonCoxHastings],
        [2, 115, 298, 430, 460, 523])
    func gradients(shape: PeakShape, hallNumber: Int) throws {
        var random = RandomStream(seed: 13, index: UInt64(hallNumber))
        var model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
        model.instrument.shape = shape
        var microstrain = AnisotropicMicrostrain(
            model.phases[0].structure, strain: 0.003, lorentzianShare: 0.6)
        microstrain.values = microstrain.values.map { $0 * random.uniform(0.95, 1.05) }
        model.phases[0].microstrain = microstrain
        let names = model.parameters.map(\.name).filter { !$0.contains(".") }
        #expect(names.contains("S400") && names.contains("zeta"))
        let calculation = try PowderCalculation(model, twoTheta: GradientCompletenessTests.grid, free: names)
        GradientCompletenessTests.check(calculation, "\(shape) in Hall \(hallNumber)") {
            GradientCompletenessTests.quadratic($0)
        }
    }
}
