import CWyckoff
import Diffraction
import Foundation

/// What a `wyckoff_objective` is: a pattern and what it is compared with.
final class ObjectiveObject: Sendable {
    let pattern: PatternObject
    let isSimilarity: Bool
    private let similarity: PreparedSimilarity

    init(_ pattern: PatternObject, _ measure: SimilarityMeasure, target: [Double], weights: [Double]?) {
        self.pattern = pattern
        isSimilarity = measure.isSimilarity
        similarity = measure.prepared(target: target, twoTheta: pattern.twoTheta, weights: weights)
    }

    /// The measure where the values are, and its gradient.
    func evaluate(_ values: [Double], withGradient: Bool) throws -> (value: Double, gradient: [Double]) {
        try pattern.with { calculation in
            try pattern.set(values, of: calculation)
            let calculated = calculation.calculated
            guard withGradient else { return (similarity.value(calculated), []) }
            let result = similarity.valueAndGradient(calculated)
            return (result.value, calculation.gradient(of: result.gradient))
        }
    }
}

private func object(_ objective: OpaquePointer?) throws(InterfaceError) -> ObjectiveObject {
    try Handle.object(objective, ObjectiveObject.self, "objective")
}

/// A pattern compared with a target.
@c @implementation
public func wyckoff_objective_create(
    _ pattern: OpaquePointer?, _ measure: UnsafePointer<CChar>?, _ target: UnsafePointer<Double>?,
    _ points: Int64, _ weights: UnsafePointer<Double>?, _ weight_count: Int64,
    _ objective: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let pattern = try Handle.object(pattern, PatternObject.self, "pattern")
        let name = try Exchange.text(measure, "measure")
        guard let measure = SimilarityMeasure(name: name) else {
            throw InterfaceError.unknownName(
                name, what: "measure", known: SimilarityMeasure.all.map(\.name).joined(separator: ", "))
        }
        let count = pattern.twoTheta.count
        let target = try Exchange.numbers(target, points, expected: count, "target", limit: 1e30)
        let weights =
            weight_count == 0
            ? nil : try Exchange.numbers(weights, weight_count, expected: count, "weights", limit: 1e30)
        try Handle.make(
            ObjectiveObject(pattern, measure, target: target, weights: weights), at: objective, "objective")
    }
}

/// Gives an objective back.
@c @implementation
public func wyckoff_objective_free(_ objective: OpaquePointer?) {
    Handle.release(objective, ObjectiveObject.self)
}

/// Whether more is better; 0 of NULL.
@c @implementation
public func wyckoff_objective_is_similarity(_ objective: OpaquePointer?) -> Int32 {
    ((try? object(objective))?.isSimilarity ?? false) ? 1 : 0
}

/// The measure at values, and its slope.
@c @implementation
public func wyckoff_objective_evaluate(
    _ objective: OpaquePointer?, _ values: UnsafePointer<Double>?, _ count: Int64,
    _ value: UnsafeMutablePointer<Double>?, _ gradient: UnsafeMutablePointer<Double>?,
    _ gradient_count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(objective)
        guard let value else { throw InterfaceError.missing("place for the value") }
        try Exchange.check(
            gradient, gradient_count, expected: object.pattern.names.count, "gradient", isOptional: true)
        let numbers = try object.pattern.numbers(values, count)
        let result = try object.evaluate(numbers, withGradient: gradient != nil)
        value.pointee = result.value
        Exchange.write(result.gradient, to: gradient)
    }
}
