import Crystallography
import ExplainedErrors
import Parameterization
import Symmetry

/// What the structure of a file cannot do, with the file's name in front.
public struct FileProblem: ExplainedError {
    /// The file as it was named.
    package let file: String
    /// Without the file's name.
    private let reason: Explanation

    /// A problem of a file, in one line.
    package init(file: String, problem: String) {
        self.init(file: file, Explanation(problem))
    }

    /// - `reason`: its own place, if it names one, stays in the problem.
    package init(file: String, _ reason: Explanation) {
        self.file = file
        self.reason = reason
    }

    /// What is wrong and what to do, without the file's name.
    package var problem: String { reason.description }

    /// What went wrong, where, and what to do: the parts of the one line.
    public var explanation: Explanation {
        Explanation(
            reason.place.map { "\($0): \(reason.problem)" } ?? reason.problem, remedy: reason.remedy,
            place: file)
    }

    /// Runs what is done with a file; its errors come out with the file's name, those that name it already as they are.
    package static func naming<Value>(_ file: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as CrystalFileError {
            throw error
        } catch let error as FileProblem {
            throw error
        } catch let error as any ExplainedError {
            throw FileProblem(file: file, error.explanation)
        } catch {
            throw FileProblem(file: file, problem: "\(error)")
        }
    }
}

extension ReducedStructure {
    /// The first structure of a file (CIF, POSCAR, extended XYZ, JSON), reduced in the first tabulated setting of the
    /// group that it has.
    ///
    /// - Parameter tolerance: Å, how far atoms may be from the symmetry.
    /// - Throws: `CrystalFileError` where the file cannot be read, `FileProblem` where it has no symmetry that can be
    ///   found.
    public init(contentsOf path: String, tolerance: Double = 0.01) throws {
        self = try CrystalFile.reduced(
            CrystalFile.readFirst(path).structure, of: path, tolerance: tolerance)
    }
}

extension CrystalFile {
    /// A file's structure, reduced in the first setting of the group found.
    ///
    /// - `path`: for the error.
    /// - `tolerance`: Å.
    public static func reduced(
        _ structure: CrystalStructure, of path: String, tolerance: Double
    ) throws -> ReducedStructure {
        try FileProblem.naming(path) { try ReducedStructure(of: structure, tolerance: tolerance) }
    }
}
