import ArgumentParser
import Publishing
import Reports
import Wyckoff

/// Runs the body for every file, of a folder for every structure file in it; one that cannot be read or answered is reported and the rest goes on.
///
/// - Throws: exit status 2 at the end where any file failed.
func eachFile(_ files: [String], _ body: (String) throws -> Void) throws {
    var (failed, count) = (0, 0)
    for path in files {
        do {
            for file in try CrystalRecordStream(path: path).files {
                count += 1
                if try !isAnswered({ try body(file) }) { failed += 1 }
            }
        } catch let error as CrystalFileError {
            // Of the path itself: it is not there, or a folder without structures.
            (failed, count) = (failed + 1, count + 1)
            Terminal.failure(error)
        }
    }
    if failed > 0 {
        if count > 1 { Terminal.error("\(failed) of \(count) files failed") }
        throw ExitCode(2)
    }
}

/// Says why where it is not.
private func isAnswered(_ body: () throws -> Void) throws -> Bool {
    do {
        try body()
        return true
    } catch let failure as StandardOutput.Failure {
        // Not the file's fault, and nobody would see the next one's answer.
        throw failure
    } catch {
        Terminal.failure(error)
        return false
    }
}
