import Foundation
import NumericalMethods

/// Numbers and texts between C and Swift.
enum Exchange {
    /// A copy of finite numbers, none larger than `limit`.
    static func numbers(
        _ pointer: UnsafePointer<Double>?, _ count: Int64, expected: Int, _ what: String,
        limit: Double = 1e12
    ) throws(InterfaceError) -> [Double] {
        guard Int(count) == expected else { throw .wrongCount(what, got: Int(count), expected: expected) }
        guard expected > 0 else { return [] }
        guard let pointer else { throw .missing(what) }
        let values = Array(UnsafeBufferPointer(start: pointer, count: expected))
        guard values.allSatisfy(\.isFinite) else { throw .notFinite(what) }
        guard values.allSatisfy({ abs($0) <= limit }) else { throw .tooLarge(what, limit: limit) }
        return values
    }

    static func vectors(
        _ pointer: UnsafePointer<Double>?, _ count: Int64, expected: Int, _ what: String,
        limit: Double = 1e12
    ) throws(InterfaceError) -> [SIMD3<Double>] {
        let values = try numbers(pointer, count, expected: 3 * expected, what, limit: limit)
        return (0..<expected).map { SIMD3(values[3 * $0], values[3 * $0 + 1], values[3 * $0 + 2]) }
    }

    static func matrix(
        _ pointer: UnsafePointer<Double>?, _ count: Int64, _ what: String
    ) throws(InterfaceError) -> Matrix3 {
        let rows = try vectors(pointer, count, expected: 3, what)
        return Matrix3(rows: rows[0], rows[1], rows[2])
    }

    /// Whether a result of `expected` numbers can be written; an optional one that is not wanted has a count of 0.
    static func check(
        _ pointer: UnsafeMutablePointer<Double>?, _ count: Int64, expected: Int, _ what: String,
        isOptional: Bool = false
    ) throws(InterfaceError) {
        if isOptional, pointer == nil, count == 0 { return }
        guard Int(count) == expected else { throw .wrongCount(what, got: Int(count), expected: expected) }
        guard pointer != nil || expected == 0 else { throw .missing(what) }
    }

    /// After `check`.
    static func write(_ values: some Sequence<Double>, to pointer: UnsafeMutablePointer<Double>?) {
        guard let pointer else { return }
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    static func write(_ vectors: some Sequence<SIMD3<Double>>, to pointer: UnsafeMutablePointer<Double>?) {
        guard let pointer else { return }
        for (index, vector) in vectors.enumerated() {
            for axis in 0..<3 { pointer[3 * index + axis] = vector[axis] }
        }
    }

    static func write(_ matrix: Matrix3, to pointer: UnsafeMutablePointer<Double>?) {
        write((0..<3).map { matrix[$0] }, to: pointer)
    }

    static func text(_ pointer: UnsafePointer<CChar>?, _ what: String) throws(InterfaceError) -> String {
        guard let pointer else { throw .missing(what) }
        return String(cString: pointer)
    }

    /// The caller frees it.
    static func give(
        _ text: String, to place: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) throws(InterfaceError) {
        guard let place else { throw .missing("place for the text") }
        place.pointee = strdup(text)
    }
}
