import Wyckoff

/// Errors come out with the file's name in front.
func named<R>(_ file: String, _ body: () throws -> R) throws -> R { try FileProblem.naming(file, body) }

/// The first structure of a file, reduced in the first setting of its group.
func reduced(_ file: String, tolerance: Double) throws -> ReducedStructure {
    try CrystalFile.readReduced(file, tolerance: tolerance)
}
