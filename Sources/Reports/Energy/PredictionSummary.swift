import Foundation
import Publishing

/// What `wyckoff predict` prints of one structure.
package struct PredictionSummary: Encodable, Sendable {
    package struct Property: Encodable, Sendable {
        package var name: String
        package var value: Double
        package var unit: String
        /// In the property's unit; null where it is not known.
        @ExplicitNull package var validationError: Double?
        /// What the error is: `MAE`, `RMSE`.
        package var errorKind: String

        package init(name: String, value: Double, unit: String, validationError: Double?, errorKind: String) {
            (self.name, self.value, self.unit) = (name, value, unit)
            (self.validationError, self.errorKind) = (validationError, errorKind)
        }
    }

    package var file: String
    package var name: String
    package var ties: String
    /// Atoms whose list of 12 is cut inside a shell of equal distances.
    package var cutShells: Int
    package var properties: [Property]
    /// P(metal) is 0.5 or more; null where it was not predicted.
    @ExplicitNull package var isMetal: Bool?

    package init(file: String, name: String, ties: String, cutShells: Int, properties: [Property]) {
        (self.file, self.name, self.ties) = (file, name, ties)
        (self.cutShells, self.properties) = (cutShells, properties)
        isMetal = properties.first { $0.name == "metal" }.map { $0.value >= 0.5 }
    }

    package var text: String {
        var lines = ["\(file)  \(name)"]
        for property in properties {
            let value = String(format: "%.4f", property.value)
            let error = property.validationError.map {
                String(format: "  (\(property.errorKind) %.3f on its validation set)", $0)
            }
            let warning =
                property.name == "gap" && isMetal == true
                ? "  means nothing: predicted a metal" : ""
            let name = property.name.padding(toLength: 17, withPad: " ", startingAt: 0)
            lines.append("  \(name) \(value) \(property.unit)\(error ?? "")\(warning)")
        }
        if cutShells > 0 {
            lines.append(
                "  \(cutShells) atoms have a shell of equal distances cut at 12 neighbours (\(ties))"
            )
        }
        return lines.joined(separator: "\n")
    }
}
