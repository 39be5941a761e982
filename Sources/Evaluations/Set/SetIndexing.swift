import CrystalFiles
import Crystallography
import Foundation
import LearnedModels
import Validation

/// Judges every record of a set into a store, and does not judge again what is there.
struct SetIndexing {
    let store: ValidationStore
    let validation: RecordValidation
    /// Records at a time; nil for the number of cores.
    var jobs: Int?

    /// - Parameter progress: gets the number of records that are judged.
    /// - Throws: `CrystalFileError`, `ValidationStoreError`, `CancellationError`.
    func run(_ path: String, progress: (Int) -> Void = { _ in }) async throws -> StoredSource {
        let source = try store.source(path: path, digest: try Self.digest(of: path), choices: choices)
        guard try store.size(of: source) == nil else { return source }
        let done = try store.places(in: source)
        let (store, validation) = (store, validation)
        var count = done.count
        let pipeline = RecordPipeline(path: path, jobs: jobs, done: done)
        let size = try await pipeline.run({ entry in
            var structure: CrystalStructure?
            if case .success(let record) = entry.element.result { structure = record.structure }
            let key = RecordKey(source: source.id, ordinal: entry.ordinal)
            try store.add(validation.validate(entry.element), structure, at: key)
        }) { batch in
            count += batch.count
            progress(count)
        }
        if size == 0 {
            try store.add(
                RecordValidation.nothing(in: path), nil, at: RecordKey(source: source.id, ordinal: 0))
        }
        try store.setSize(of: source, max(1, size))
        return source
    }

    /// Everything that decides the verdicts.
    private var choices: String {
        let expected = validation.expected.map(String.init) ?? "from file"
        let required = validation.required.map(\.rawValue).sorted().joined(separator: ",")
        return "tolerance \(validation.tolerance), expected \(expected), ladder \(validation.withLadder), "
            + "required \(required)"
    }

    /// Of the names and the bytes of all files.
    private static func digest(of path: String) throws -> String {
        let files = try CrystalRecordStream(path: path).files
        var parts: [String] = []
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                // Its record says why; nothing of it can change a verdict but its being there.
                parts.append("\(file) unreadable")
                continue
            }
            parts.append("\(files.count > 1 ? file : "") \(SHA256.hexDigest([UInt8](data)))")
        }
        return files.count == 1 ? parts[0] : SHA256.hexDigest(Array(parts.joined(separator: "\n").utf8))
    }
}
