import Foundation

/// How the tables of a study write a number.
enum StudyNumber {
    /// A dash where there is no number.
    static func text(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? String(format: "%.\(digits)f", value) : "–"
    }
}
