import Crystallography
import Parameterization
import Symmetry

/// What the structure of a file cannot do, with the file's name in front.
public struct FileProblem: Error, Sendable, CustomStringConvertible {
    public let file: String
    public let problem: String

    public init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }

    public var description: String { "\(file): \(problem)" }

    /// Runs what is done with a file; its errors come out with the file's name, those that name it already as they are.
    public static func naming<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as CrystalFileError {
            throw error
        } catch let error as FileProblem {
            throw error
        } catch {
            throw FileProblem(file: file, problem: "\(error)")
        }
    }
}

extension CrystalFile {
    /// The first structure of a file, reduced in the first setting of the group found.
    ///
    /// - Parameter tolerance: Å.
    public static func readReduced(_ path: String, tolerance: Double) throws -> ReducedStructure {
        try reduced(readFirst(path).structure, of: path, tolerance: tolerance)
    }

    /// A file's structure, reduced in the first setting of the group found.
    ///
    /// - Parameters:
    ///   - path: for the error.
    ///   - tolerance: Å.
    public static func reduced(
        _ structure: CrystalStructure, of path: String, tolerance: Double
    ) throws -> ReducedStructure {
        try FileProblem.naming(path) {
            let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
            let standard = try SymmetryFinder.standardize(structure, found)
            return try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
        }
    }
}
