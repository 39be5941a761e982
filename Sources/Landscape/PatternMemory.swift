import Diffraction
import NumericalMethods

/// Patterns that were calculated along one axis, with their derivatives, for several objectives that look at the same
/// ones. Not `Sendable`.
package final class PatternMemory {
    struct Entry {
        let pattern: [Double]
        /// ∂pattern/∂parameter; empty where only the pattern was asked for.
        let derivative: [Double]
    }

    private var entries: [Double: Entry] = [:]
    /// How many are kept: some tens of megabytes.
    private let limit = 4000

    package init() {}

    /// The pattern of a calculation with one free parameter.
    func entry(of calculation: PowderCalculation, at x: Double, derivative: Bool) -> Entry {
        if let known = entries[x], !derivative || !known.derivative.isEmpty { return known }
        calculation.values = [x]
        let pattern = calculation.calculated
        let slopes = derivative ? calculation.jacobian : nil
        let entry = Entry(
            pattern: pattern, derivative: slopes.map { row in pattern.indices.map { row[0, $0] } } ?? [])
        if entries.count < limit || entries[x] != nil { entries[x] = entry }
        return entry
    }
}
