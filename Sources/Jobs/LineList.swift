import CrystalFiles
import Foundation
import Indexing

/// Lines that a person made or edited, as indexing takes them.
package struct LineList: Sendable {
    /// Degrees 2θ, where the list says nothing.
    package var usualUncertainty = 0.015
    /// Å; lines given as d are placed at the angles of this one where no other is known.
    package var usualWavelength = 1.5406

    package init() {}

    /// - Parameters:
    ///   - asSpacings: the list holds d in Å, not 2θ in degrees.
    ///   - wavelength: Å.
    /// - Throws: `CrystalFileError` with the line that cannot be read.
    package func read(
        _ path: String, asSpacings: Bool, wavelength: Double?
    ) throws(CrystalFileError) -> [IndexingLine] {
        guard asSpacings || wavelength != nil else {
            throw CrystalFileError(
                file: path, problem: "angles without a wavelength",
                remedy: "give --wavelength, or d with --d-spacings")
        }
        let length = wavelength ?? usualWavelength
        let positions = asSpacings ? (length / 2 * 1.0001)...1000 : 0.01...179.9
        let list = try LineListFile(
            readingFrom: path, positions: positions, meaning: asSpacings ? "d in Å" : "2θ in degrees")
        return list.rows.map { row in
            let angle = asSpacings ? 2 * asin(length / (2 * row.position)) * 180 / .pi : row.position
            return IndexingLine(
                twoTheta: angle, sigma: row.sigma ?? usualUncertainty, wavelength: length,
                intensity: row.intensity)
        }
    }
}
