import ArgumentParser
import Publishing
import Reports
import Wyckoff

/// Runs the body for every file, of a folder for every structure file in it; one that cannot be read or answered is reported and the rest goes on.
///
/// - Throws: exit status 2 at the end where any file failed.
func eachFile(_ files: [String], _ body: (String) throws -> Void) throws {
    var failed = 0
    var all: [String] = []
    for path in files {
        do {
            all += try CrystalRecordStream(path: path).files
        } catch {
            failed += 1
            Terminal.failure(error)
        }
    }
    let count = all.count + failed
    for file in all {
        do {
            try body(file)
        } catch let failure as StandardOutput.Failure {
            // Not the file's fault, and nobody would see the next one's answer.
            throw failure
        } catch {
            failed += 1
            Terminal.failure(error)
        }
    }
    if failed > 0 {
        if count > 1 { Terminal.error("\(failed) of \(count) files failed") }
        throw ExitCode(2)
    }
}
