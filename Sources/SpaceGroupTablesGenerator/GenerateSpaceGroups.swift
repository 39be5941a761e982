import Foundation
import Symmetry

/// `swift run generate-space-groups`, from the package's folder: rewrites SpaceGroups/space-groups.tsv.
@main struct GenerateSpaceGroups {
    static func main() throws {
        let path = CommandLine.arguments.dropFirst().first ?? "SpaceGroups/space-groups.tsv"
        try SpaceGroupTableWriter.table().write(toFile: path, atomically: true, encoding: .utf8)
    }
}
