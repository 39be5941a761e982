import Foundation
import Jobs
import LearnedModels
import Testing

/// Learned models for machines without a network.
@Suite struct ModelCopyTests {
    private static func inFolders<R>(_ body: (_ source: URL, _ store: ModelStore) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wyckoff-\(UUID().uuidString)")
        let source = folder.appendingPathComponent("source")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(source, ModelStore(folder: folder.appendingPathComponent("store")))
    }

    @Test("a folder that is not there, one without the files, and a file that is another one are refused")
    func refused() throws {
        try Self.inFolders { source, store in
            #expect(throws: ModelCopyError.notRead(folder: "/nonexistent")) {
                try ModelCopy.copy(.chgnet, from: "/nonexistent", into: store)
            }
            #expect(throws: ModelCopyError.self) {
                try ModelCopy.copy(.chgnet, from: source.path, into: store)
            }
            for model in LearnedModel.all {
                try Data("no model".utf8).write(to: source.appendingPathComponent(model.file))
            }
            do {
                try ModelCopy.copy(.cgcnn, from: source.path, into: store)
                Issue.record("a file with another checksum was taken")
            } catch let error as ModelCopyError {
                #expect("\(error)".contains("is not the pinned file"))
            }
            #expect(LearnedModel.all.allSatisfy { !store.isInstalled($0) })
        }
    }

    @Test(
        "what one machine fetched another takes from a copy, to the same checksums",
        .enabled(if: LearnedModel.all.allSatisfy { ModelStore.standard.isInstalled($0) }, "no models here"))
    func copied() throws {
        try Self.inFolders { _, store in
            for package in ModelPackage.all {
                try ModelCopy.copy(package, from: ModelStore.standard.folder.path, into: store)
            }
            for model in LearnedModel.all { _ = try store.checkpoint(model) }
        }
    }
}
