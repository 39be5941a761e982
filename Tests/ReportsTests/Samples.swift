import CrystalFiles
import Crystallography
import Foundation
import Parameterization
import Publishing
import Testing

/// Structures and JSON that several tests look at.
enum Samples {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A file of the repository's Data.
    static func path(_ name: String) -> String { root.appendingPathComponent("Data/\(name)").path }

    static func record(_ name: String) throws -> CrystalRecord {
        try CrystalFile.readFirst(path("structures/\(name).cif"))
    }

    static func reduced(_ name: String) throws -> ReducedStructure {
        try CrystalFile.reduced(record(name).structure, of: name, tolerance: 0.01)
    }

    /// Face-centred, 3.615 Å.
    static func copper() throws -> CrystalStructure {
        let element = try #require(Element(symbol: "Cu"))
        return CrystalStructure(
            title: "Cu", lattice: Lattice(a: 3.615, b: 3.615, c: 3.615, alpha: 90, beta: 90, gamma: 90),
            sites: [SIMD3(0, 0, 0), SIMD3(0, 0.5, 0.5), SIMD3(0.5, 0, 0.5), SIMD3(0.5, 0.5, 0)].map {
                Site(element, at: $0)
            })
    }

    static func object(_ value: some Encodable) throws -> [String: Any] {
        let data = Data(try JSONDialect.line(value).utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// All values under a key, however deep.
    static func values(of key: String, in json: Any) -> [Any] {
        if let list = json as? [Any] { return list.flatMap { values(of: key, in: $0) } }
        guard let object = json as? [String: Any] else { return [] }
        return object.flatMap { $0.key == key ? [$0.value] : values(of: key, in: $0.value) }
    }
}
