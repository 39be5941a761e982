import Wyckoff

/// What a file's structure cannot do, with the file's name in front.
struct FileProblem: Error, CustomStringConvertible {
    let file: String
    let problem: String
    var description: String { "\(file): \(problem)" }
}

func named<R>(_ file: String, _ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let error as NegativeAnswer {
        throw error
    } catch let error as CrystalFileError {
        throw error
    } catch {
        throw FileProblem(file: file, problem: "\(error)")
    }
}

/// The first structure of a file, reduced in the first setting of its group.
func reduced(_ file: String, tolerance: Double) throws -> ReducedStructure {
    let structure = try CrystalFile.readFirst(file).structure
    return try named(file) {
        let found = try SymmetryFinder.find(in: structure, tolerance: tolerance)
        let standard = try SymmetryFinder.standardize(structure, found)
        return try ReducedStructure(reducing: standard.structure, in: found.spaceGroup)
    }
}
