import ArgumentParser
import Publishing
import Reports
import Wyckoff

/// Runs the body for every file; one that cannot be read or answered is reported and the rest goes on.
///
/// - Throws: exit status 2 at the end where any file failed.
func eachFile(_ files: [String], _ body: (String) throws -> Void) throws {
    var failed = 0
    for file in files {
        do {
            try body(file)
        } catch let failure as StandardOutput.Failure {
            // Not the file's fault, and nobody would see the next one's answer.
            throw failure
        } catch {
            failed += 1
            Terminal.error("error: \(error)")
        }
    }
    if failed > 0 {
        if files.count > 1 { Terminal.error("\(failed) of \(files.count) files failed") }
        throw ExitCode(2)
    }
}
