import CWyckoff
import Crystallography
import Diffraction
import Foundation
import NumericalMethods
import Parameterization
import Publishing
import Reports

/// The parameters of a pattern as JSON names them.
private struct PatternParameters: Encodable {
    var free: [String]
    var parameters: [ParameterSummary.Row]
    var warnings: [String]

    init(_ pattern: PatternObject) {
        free = pattern.names
        parameters = pattern.parameters.map { ParameterSummary.Row($0) }
        warnings = pattern.warnings
    }
}

/// Degrees 2θ; a finer or longer grid no diffractometer has.
private let mostPoints = 10_000_000

private func object(_ pattern: OpaquePointer?) throws(InterfaceError) -> PatternObject {
    try Handle.object(pattern, PatternObject.self, "pattern")
}

/// A pattern, ready to be calculated many times.
@c @implementation
public func wyckoff_pattern_create(
    _ reduced: OpaquePointer?, _ options: UnsafePointer<CChar>?, _ two_theta: UnsafePointer<Double>?,
    _ points: Int64, _ pattern: UnsafeMutablePointer<OpaquePointer?>?, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let structure = try Handle.object(reduced, ReducedObject.self, "reduced structure").structure
        let request = try PatternRequest.parse(Exchange.text(options, "options"))
        guard (1...Int64(mostPoints)).contains(points) else {
            throw InterfaceError.wrongCount("2θ", got: Int(points), expected: mostPoints)
        }
        let grid = try Exchange.numbers(two_theta, points, expected: Int(points), "2θ", limit: 180)
        try Handle.make(
            PatternObject(structure, request, twoTheta: grid), at: pattern, "pattern")
    }
}

/// Gives a pattern back.
@c @implementation
public func wyckoff_pattern_free(_ pattern: OpaquePointer?) { Handle.release(pattern, PatternObject.self) }

/// The number of values; 0 of NULL.
@c @implementation
public func wyckoff_pattern_count(_ pattern: OpaquePointer?) -> Int64 {
    Int64((try? object(pattern))?.names.count ?? 0)
}

/// The number of angles; 0 of NULL.
@c @implementation
public func wyckoff_pattern_points(_ pattern: OpaquePointer?) -> Int64 {
    Int64((try? object(pattern))?.twoTheta.count ?? 0)
}

/// Every parameter that the pattern has, and which are its values.
@c @implementation
public func wyckoff_pattern_parameters(
    _ pattern: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        try Exchange.give(JSONDialect.line(PatternParameters(object(pattern))), to: json)
    }
}

/// Where the pattern is.
@c @implementation
public func wyckoff_pattern_values(
    _ pattern: OpaquePointer?, _ values: UnsafeMutablePointer<Double>?, _ count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(pattern)
        try Exchange.check(values, count, expected: object.names.count, "values")
        Exchange.write(object.with(\.values), to: values)
    }
}

/// Moves the pattern.
@c @implementation
public func wyckoff_pattern_set_values(
    _ pattern: OpaquePointer?, _ values: UnsafePointer<Double>?, _ count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(pattern)
        let numbers = try object.numbers(values, count)
        try object.with { try object.set(numbers, of: $0) }
    }
}

/// Intensities on the grid.
@c @implementation
public func wyckoff_pattern_profile(
    _ pattern: OpaquePointer?, _ profile: UnsafeMutablePointer<Double>?, _ points: Int64,
    _ background: UnsafeMutablePointer<Double>?, _ background_points: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(pattern)
        let count = object.twoTheta.count
        try Exchange.check(profile, points, expected: count, "profile")
        try Exchange.check(
            background, background_points, expected: count, "background", isOptional: true)
        object.with { calculation in
            Exchange.write(calculation.calculated, to: profile)
            if background != nil { Exchange.write(calculation.background, to: background) }
        }
    }
}

/// The reflections where the pattern is.
@c @implementation
public func wyckoff_pattern_sticks(
    _ pattern: OpaquePointer?, _ json: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ error: ErrorPlace
) -> Int32 {
    reply(error) { try Exchange.give(JSONDialect.line(object(pattern).sticks()), to: json) }
}

/// A slope in the profile as one in the values.
@c @implementation
public func wyckoff_pattern_gradient(
    _ pattern: OpaquePointer?, _ cotangent: UnsafePointer<Double>?, _ points: Int64,
    _ gradient: UnsafeMutablePointer<Double>?, _ count: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(pattern)
        let slopes = try Exchange.numbers(
            cotangent, points, expected: object.twoTheta.count, "cotangent", limit: 1e300)
        try Exchange.check(gradient, count, expected: object.names.count, "gradient")
        Exchange.write(object.with { $0.gradient(of: slopes) }, to: gradient)
    }
}

/// How every point of the profile follows the values.
@c @implementation
public func wyckoff_pattern_jacobian(
    _ pattern: OpaquePointer?, _ jacobian: UnsafeMutablePointer<Double>?, _ size: Int64, _ error: ErrorPlace
) -> Int32 {
    reply(error) {
        let object = try object(pattern)
        try Exchange.check(
            jacobian, size, expected: object.names.count * object.twoTheta.count, "Jacobian")
        Exchange.write(object.with { $0.jacobian.elements }, to: jacobian)
    }
}
