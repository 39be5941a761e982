import Crystallography
import Landscape
import Parameterization

/// How finely the plane of a map is sampled, and where.
package struct PlaneSampling: Sendable, Hashable {
    package var countX: Int
    package var countY: Int
    /// Of parameters by name, in their units; usual ones for those that are not named.
    package var ranges: [String: ClosedRange<Double>]

    /// - Parameters:
    ///   - countX: points along x, two at least.
    ///   - countY: points along y, two at least.
    package init(_ countX: Int, _ countY: Int, ranges: [String: ClosedRange<Double>] = [:]) {
        (self.countX, self.countY, self.ranges) = (countX, countY, ranges)
    }

    /// Sample points of x and y; the truth is one of them where it lies in the middle of its range.
    package func points(of plane: LandscapePlane) throws -> (x: [Double], y: [Double]) {
        (try points(plane.x, countX, holding: []), try points(plane.y, countY, holding: []))
    }

    /// The same with usual ranges widened to hold these points.
    package func points(
        of plane: LandscapePlane, holding seen: [SIMD2<Double>]
    ) throws -> (x: [Double], y: [Double]) {
        (
            try points(plane.x, countX, holding: seen.map(\.x)),
            try points(plane.y, countY, holding: seen.map(\.y))
        )
    }

    /// Share of a range that is left beside the outermost point it was widened for.
    private static let margin = 0.03

    private func points(_ parameter: Parameter, _ count: Int, holding seen: [Double]) throws -> [Double] {
        let asked = ranges[parameter.name]
        var range = asked ?? LandscapePlane.usualRange(of: parameter)
        try ParameterReach.check(range, of: parameter)
        if asked == nil, let least = seen.min(), let most = seen.max() {
            let margin = Self.margin * (range.upperBound - range.lowerBound)
            range = min(range.lowerBound, least - margin)...max(range.upperBound, most + margin)
        }
        let width = range.upperBound - range.lowerBound
        return (0..<count).map { range.lowerBound + width * Double($0) / Double(count - 1) }
    }
}
