import Foundation
import NumericalMethods
import Symmetry

/// spglib's list of the Wyckoff positions of all settings, an oracle that lies beside the repository.
enum WyckoffOracle {
    struct Position {
        let letter: String
        let multiplicity: Int
        let siteSymmetry: String
        /// Without centring.
        var triplets: [String]
    }

    static let path: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ["../shared", "../../shared"].map {
            root.appendingPathComponent("\($0)/data/spglib/Wyckoff.csv").path
        }.first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// By Hall number.
    static let positions: [Int: [Position]] = {
        guard let path, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [:] }
        var result: [Int: [Position]] = [:]
        var hall = 0
        for line in text.split(whereSeparator: \.isNewline) {
            let field = line.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            if let number = Int(field[0]) {
                hall = number
            } else if field.count > 5, let multiplicity = Int(field[2]) {
                result[hall, default: []].append(
                    Position(
                        letter: field[3], multiplicity: multiplicity, siteSymmetry: field[4],
                        triplets: field[5...].filter { !$0.isEmpty }))
            } else if let last = result[hall]?.indices.last {
                result[hall]?[last].triplets += field.filter { !$0.isEmpty }
            }
        }
        return result
    }()
}
