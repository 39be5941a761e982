import Foundation

/// Equidistant angles 2θ, as `5:90:0.02` says.
package struct AngleGrid: Sendable, Hashable {
    /// Degrees.
    package let start: Double
    package let end: Double
    package let step: Double

    /// More points than any goniometer counts are a slip of the pen.
    private static let mostPoints = 2_000_000

    package init(start: Double, end: Double, step: Double) throws(PatternError) {
        guard start >= 0, end < 180, start < end, step > 0, step.isFinite else {
            throw .badGrid("\(start):\(end):\(step)")
        }
        let count = (end - start) / step
        guard count < Double(Self.mostPoints) else { throw .tooManyPoints(Int(min(count, 1e15))) }
        self.start = start
        self.end = end
        self.step = step
    }

    /// `from:to:step`; without a step 0.02°.
    package init(_ text: String) throws(PatternError) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0) }
        guard numbers.count == parts.count, (2...3).contains(numbers.count) else { throw .badGrid(text) }
        do {
            try self.init(start: numbers[0], end: numbers[1], step: numbers.count == 3 ? numbers[2] : 0.02)
        } catch .badGrid {
            throw .badGrid(text)
        } catch {
            throw error
        }
    }

    /// The last point is `end` where the step divides the range.
    package var angles: [Double] {
        let last = Int(((end - start) / step + 1e-9).rounded(.down))
        return (0...last).map { start + Double($0) * step }
    }
}
