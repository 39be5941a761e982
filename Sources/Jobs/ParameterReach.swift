import Crystallography
import ExplainedErrors
import Foundation
import Parameterization

/// How far from the truth a parameter may be taken by a scan or a map.
package enum ParameterReach {
    /// A cell is scanned from a tenth to ten times its length: farther lies no neighbour of the truth, and thousands of
    /// times as many reflections.
    private static let lengths = 0.1...10.0
    /// Degrees.
    private static let angles = 1.0...179.0

    package static func check(
        _ range: ClosedRange<Double>, of parameter: Parameter
    ) throws(OutOfReach) {
        let (allowed, what): (ClosedRange<Double>, String) =
            switch parameter.kind {
            case .length:
                (
                    max(Limits.cellLengths.lowerBound, lengths.lowerBound * parameter.value)...lengths
                        .upperBound
                        * parameter.value, "a length from a tenth to ten times the truth's, in Å"
                )
            case .angle: (angles, "degrees")
            default: (Limits.coordinates, "a fractional coordinate")
            }
        guard allowed.contains(range.lowerBound), allowed.contains(range.upperBound) else {
            throw OutOfReach(parameter: parameter.name, range: range, allowed: allowed, what: what)
        }
    }

    package struct OutOfReach: ExplainedError, Hashable {
        package let parameter: String
        package let range: ClosedRange<Double>
        package let allowed: ClosedRange<Double>
        package let what: String

        package var explanation: Explanation {
            func short(_ value: Double) -> String { String(format: "%.6g", value) }
            return Explanation(
                "--range \(parameter)=\(short(range.lowerBound)):\(short(range.upperBound)) goes beyond "
                    + "\(short(allowed.lowerBound)) to \(short(allowed.upperBound)), \(what)")
        }
    }

    package struct TooManyPoints: ExplainedError, Hashable {
        package let step: Double
        package let parameter: String

        package var explanation: Explanation {
            Explanation("--step \(step) makes more than a million points of \(parameter)")
        }
    }
}
