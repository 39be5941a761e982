import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Symmetry

/// What the repository ships for examples and tests.
enum Shipped {
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Data/" + name).path
    }

    static func record(_ name: String) throws -> CrystalRecord {
        try CrystalFile.readFirst(path("structures/\(name).cif"))
    }

    /// In the first setting of its group, atoms at rest.
    static func reduced(_ name: String) throws -> ReducedStructure {
        let file = path("structures/\(name).cif")
        var result = try CrystalFile.reduced(record(name).structure, of: file, tolerance: 0.01)
        for index in result.orbits.indices { result.orbits[index].displacement = nil }
        return result
    }
}
