import Wyckoff

/// Errors come out with the file's name in front.
func named<R>(_ file: String, _ body: () throws -> R) throws -> R { try FileProblem.naming(file, body) }

/// The same for what is waited for; what was cancelled is no fault of the file.
func naming<R: Sendable>(_ file: String, _ body: () async throws -> R) async throws -> R {
    let result: Result<R, any Error>
    do {
        result = .success(try await body())
    } catch let error as CancellationError {
        throw error
    } catch {
        result = .failure(error)
    }
    return try FileProblem.naming(file) { try result.get() }
}

/// The first structure of a file; what was assumed on reading goes to standard error.
func firstRecord(_ file: String) throws -> CrystalRecord {
    let record = try CrystalFile.readFirst(file)
    for warning in record.warnings { Terminal.error("\(file): \(warning)") }
    return record
}

/// The first structure of a file, reduced in the first setting of its group.
func reduced(_ file: String, tolerance: Double) throws -> ReducedStructure {
    try CrystalFile.reduced(firstRecord(file).structure, of: file, tolerance: tolerance)
}

/// What a file that was written could not hold goes to standard error.
func tell(_ losses: [String], of file: String) {
    for loss in losses { Terminal.error("\(file): \(loss)") }
}
