import Crystallography

/// What `wyckoff convert` wrote.
package struct ConversionSummary: Encodable, Sendable {
    package let file: String
    package let output: String
    package let structures: Int
    /// Of each structure's cell.
    package let atoms: [Int]
    package let formulas: [String]
    package let warnings: [String]

    package init(file: String, output: String, _ structures: [CrystalStructure], warnings: [String]) {
        (self.file, self.output, self.warnings) = (file, output, warnings)
        self.structures = structures.count
        atoms = structures.map(\.sites.count)
        formulas = structures.map { Formula($0).conventional }
    }
}
