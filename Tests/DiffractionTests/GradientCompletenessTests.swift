import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Symmetry
import Testing

/// What `PowderCalculationTests` leaves: measures, instruments, several phases, free intensities.
@Suite("Gradients through measures and instruments") struct GradientCompletenessTests {
    static let grid = stride(from: 18.0, through: 48.0, by: 0.1).map { $0 }

    /// Reverse and forward derivatives of a function of the pattern against difference quotients, for every name.
    static func check(
        _ calculation: PowderCalculation, _ comment: String,
        loss: ([Double]) -> (value: Double, gradient: [Double])
    ) {
        let values = calculation.values
        let (value, cotangent) = loss(calculation.calculated)
        let gradient = calculation.gradient(of: cotangent)
        let jacobian = calculation.jacobian
        for (k, name) in calculation.names.enumerated() {
            let plain = String(name.split(separator: ".").first { !$0.hasPrefix("phase") } ?? "")
            let scale = PowderCalculationTests.scale(of: name.hasPrefix("phase") ? plain : name)
            let difference = Differences.best(
                { x in
                    var moved = values
                    moved[k] = x
                    calculation.values = moved
                    return loss(calculation.calculated).value
                }, at: values[k], scale: scale, expected: gradient[k])
            calculation.values = values
            let bound = 1e-6 * max(abs(gradient[k]), 1e-3 * abs(value) / scale)
            #expect(
                abs(gradient[k] - difference) <= bound,
                "\(comment), \(name): \(gradient[k]) against \(difference)")
            let forward = zip(jacobian.row(k), cotangent).reduce(0) { $0 + $1.0 * $1.1 }
            let size = zip(jacobian.row(k), cotangent).reduce(0) { $0 + abs($1.0 * $1.1) }
            #expect(
                abs(gradient[k] - forward) <= 1e-9 * max(size, abs(value)), "\(comment), \(name): forward")
        }
    }

    /// A polar group with f″, a chiral one, a centred one.
    @Test("every measure, in every parameter", arguments: SimilarityMeasure.all)
    func measures(measure: SimilarityMeasure) throws {
        for hallNumber in [143, 441, 460] {
            var random = RandomStream(seed: 41, index: UInt64(hallNumber))
            let model = try #require(try RandomModels.model(hallNumber: hallNumber, random: &random))
            let calculation = try PowderCalculation(
                model, twoTheta: Self.grid, free: model.parameters.map(\.name))
            // Another pattern of the same kind, so that no measure stands at its best.
            let target = calculation.calculated.enumerated().map { i, y in
                y * (1 + 0.3 * sin(0.37 * Double(i))) + 3
            }
            let weights = target.map { 1 / $0 }
            let prepared = measure.prepared(target: target, twoTheta: Self.grid, weights: weights)
            Self.check(calculation, "\(measure.name) in Hall \(hallNumber)") { prepared.valueAndGradient($0) }
        }
    }

    static func quadratic(_ y: [Double]) -> (value: Double, gradient: [Double]) {
        let cotangent = y.indices.map { sin(0.61 * Double($0)) + 1e-5 * y[$0] }
        let value = zip(y, y.indices).reduce(0.0) {
            $0 + sin(0.61 * Double($1.1)) * $1.0 + 5e-6 * $1.0 * $1.0
        }
        return (value, cotangent)
    }

    @Test(
        "every peak shape, normalisation and geometry",
        arguments: [PeakShape.gaussian, .lorentzian, .pseudoVoigt, .thompsonCoxHastings],
        [PeakNormalization.area, .height])
    func shapes(shape: PeakShape, normalization: PeakNormalization) throws {
        for geometry in Instrument.Geometry.allCases {
            var random = RandomStream(seed: 42)
            var model = try #require(try RandomModels.model(hallNumber: 292, random: &random))
            model.instrument.shape = shape
            model.instrument.normalization = normalization
            model.instrument.geometry = geometry
            model.instrument.widths.values[6] = 0.4
            let names = model.parameters.map(\.name).filter { !$0.contains(".") || $0.hasSuffix(".x") }
            let calculation = try PowderCalculation(model, twoTheta: Self.grid, free: names)
            Self.check(calculation, "\(shape) \(normalization) \(geometry)") { Self.quadratic($0) }
        }
    }

    @Test("neutrons, and two phases with all their parameters")
    func phases() throws {
        var random = RandomStream(seed: 43)
        var model = try #require(try RandomModels.model(hallNumber: 441, random: &random))
        let other = try #require(RandomModels.structure(hallNumber: 39, random: &random))
        model.phases.append(.init(other, name: "second", scale: 0.7))
        model.instrument.radiation = Radiation(.neutron, wavelength: 1.8)
        let calculation = try PowderCalculation(
            model, twoTheta: Self.grid, free: model.parameters.map(\.name))
        Self.check(calculation, "two phases") { Self.quadratic($0) }
    }

    @Test("free intensities: cell, widths, shifts and scale; none in the atoms")
    func freeIntensities() throws {
        var random = RandomStream(seed: 44)
        let model = try #require(try RandomModels.model(hallNumber: 115, random: &random))
        let calculation = try PowderCalculation(
            model, twoTheta: Self.grid, free: model.parameters.map(\.name))
        calculation.setFreeIntensities(
            calculation.squaredStructureFactors().map { $0 * random.uniform(0.5, 2) + 1 })
        let gradient = calculation.gradient(of: Self.quadratic(calculation.calculated).gradient)
        for (name, value) in zip(calculation.names, gradient) where name.hasPrefix("A") {
            #expect(value == 0, "\(name)")
        }
        Self.check(calculation, "free intensities") { Self.quadratic($0) }
    }
}
