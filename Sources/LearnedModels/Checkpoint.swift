import Archives
import Foundation

/// The weights of a learned model, read from a PyTorch checkpoint (a ZIP archive of a pickle and raw numbers, or the
/// stream of pickles and numbers that PyTorch wrote before 1.6) without executing anything of it.
package struct Checkpoint: Sendable {
    /// What errors call the file.
    package let file: String
    /// The reals in the order of the checkpoint's state dictionary, in 32 bits; counters are left out.
    package let tensors: [Tensor]
    /// Plain settings that stand beside the weights, as text: `model.model_args` where the weights stand in
    /// `model.state_dict`; where they stand in `state_dict` the members of `args`, the plain entries beside the weights,
    /// and `normalizer.mean` and `normalizer.std`, numbers or tensors of one.
    package let settings: [String: String]
    private let places: [String: Int]

    package init(path: String) throws(CheckpointError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .notRead(file: path) }
        try self.init([UInt8](data), file: path)
    }

    package init(_ bytes: [UInt8], file: String) throws(CheckpointError) {
        self.file = file
        do {
            (tensors, settings) = try Self.contents(bytes)
        } catch let error as ArchiveError {
            guard case .damaged(let reason) = error else { throw .damaged(file: file, reason: "") }
            throw .damaged(file: file, reason: reason)
        } catch Pickle.Failure.damaged(let reason) {
            throw .damaged(file: file, reason: reason)
        } catch Pickle.Failure.refused(let request) {
            throw .refused(file: file, request: request)
        } catch {
            throw .damaged(file: file, reason: "\(error)")
        }
        places = Self.places(tensors)
    }

    private static func contents(_ bytes: [UInt8]) throws -> ([Tensor], [String: String]) {
        if StreamedCheckpoint.begins(bytes) {
            let stream = try StreamedCheckpoint(bytes)
            return (stream.tensors, stream.settings)
        }
        let zip = try ZipFile(bytes)
        guard let name = zip.names.first(where: { $0.hasSuffix("/data.pkl") }),
            let description = try zip.contents(of: name)
        else { throw Pickle.Failure.damaged("no data.pkl in it") }
        let folder = String(name.dropLast("data.pkl".count))
        if let order = try zip.contents(of: folder + "byteorder"), order != Array("little".utf8) {
            throw Pickle.Failure.damaged("its numbers are big-endian")
        }
        let pickle = try Pickle(description)
        let numbers = { (tensor: Pickle.TensorDescription, name: String) throws -> [Float] in
            try Self.numbers(tensor, name, zip: zip, folder: folder)
        }
        let tensors = try pickle.tensors(numbers)
        guard let model = pickle[pickle.root, "model"], let arguments = pickle[model, "model_args"] else {
            return (tensors, try pickle.settings(numbers))
        }
        return (tensors, pickle.plainValues(of: arguments))
    }

    private static func places(_ tensors: [Tensor]) -> [String: Int] {
        Dictionary(tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The numbers of a tensor as doubles.
    ///
    /// - Throws: where it is missing or has another shape.
    package func values(_ name: String, shape: Int...) throws(CheckpointError) -> [Double] {
        guard let place = places[name] else {
            throw .tensor(file: file, name: name, reason: "is missing")
        }
        guard tensors[place].shape == shape else {
            throw .tensor(
                file: file, name: name, reason: "has the shape \(tensors[place].shape), not \(shape)")
        }
        let values = tensors[place].values.map(Double.init)
        guard values.allSatisfy(\.isFinite) else {
            throw .tensor(file: file, name: name, reason: "holds numbers that are not finite")
        }
        return values
    }

    private static func numbers(
        _ tensor: Pickle.TensorDescription, _ name: String, zip: ZipFile, folder: String
    ) throws -> [Float] {
        let count = try tensor.count(name)
        guard let bytes = try zip.contents(of: folder + "data/" + tensor.storage),
            bytes.count.isMultiple(of: tensor.type.size),
            bytes.count / tensor.type.size == tensor.storageCount,
            tensor.offset <= tensor.storageCount - count
        else { throw Pickle.Failure.damaged("\(name) is not in the file as described") }
        return tensor.numbers(bytes, from: 0, count: count)
    }
}

extension Pickle {
    /// The reals of `model.state_dict` or `state_dict`.
    func tensors(
        _ numbers: (TensorDescription, String) throws -> [Float]
    ) throws -> [Checkpoint.Tensor] {
        guard let state = self[root, "model"].flatMap({ self[$0, "state_dict"] }) ?? self[root, "state_dict"],
            case .dictionary(let members) = values[state]
        else { throw Failure.damaged("no state_dict in it") }
        return try members.compactMap { member in
            guard let name = string(member.key), case .tensor(let tensor) = values[member.value] else {
                throw Failure.damaged("an entry of state_dict is no tensor")
            }
            guard tensor.type != .integer else { return nil }
            return Checkpoint.Tensor(name: name, shape: tensor.shape, values: try numbers(tensor, name))
        }
    }

    /// What stands beside `state_dict`.
    func settings(_ numbers: (TensorDescription, String) throws -> [Float]) throws -> [String: String] {
        var result = self[root, "args"].map { plainValues(of: $0) } ?? [:]
        result.merge(plainValues(of: root)) { first, _ in first }
        guard let normalizer = self[root, "normalizer"] else { return result }
        result.merge(plainValues(of: normalizer, prefix: "normalizer.")) { first, _ in first }
        for name in ["mean", "std"] {
            guard let index = self[normalizer, name], case .tensor(let tensor) = values[index],
                tensor.type != .integer, try tensor.count(name) == 1
            else { continue }
            result["normalizer.\(name)"] = try numbers(tensor, name).first.map { "\(Double($0))" }
        }
        return result
    }

    func plainValues(of index: Int, prefix: String = "") -> [String: String] {
        guard case .dictionary(let members) = values[index] else { return [:] }
        return plainValues(members, prefix: prefix)
    }

    /// The members that are plain values, as text.
    func plainValues(_ members: [(key: Int, value: Int)], prefix: String = "") -> [String: String] {
        var result: [String: String] = [:]
        for member in members {
            guard let name = string(member.key) else { continue }
            switch values[member.value] {
            case .bool(let value): result[prefix + name] = "\(value)"
            case .integer(let value): result[prefix + name] = "\(value)"
            case .real(let value): result[prefix + name] = "\(value)"
            case .string(let value): result[prefix + name] = value
            default: break
            }
        }
        return result
    }
}

extension Pickle.TensorDescription {
    /// Its numbers, from a storage that begins at a byte; the caller has seen that they are there.
    func numbers(_ bytes: [UInt8], from start: Int, count: Int) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<count).map { k in
                let place = start + type.size * (offset + k)
                if type == .single {
                    let word = raw.loadUnaligned(fromByteOffset: place, as: UInt32.self)
                    return Float(bitPattern: UInt32(littleEndian: word))
                }
                let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                return Float(Double(bitPattern: UInt64(littleEndian: word)))
            }
        }
    }

    /// How many numbers it holds; rows one after the other, as every weight is stored, and no view of another
    /// tensor.
    func count(_ name: String) throws(Pickle.Failure) -> Int {
        guard shape.count == strides.count, offset >= 0 else {
            throw .damaged("\(name) is not in the file as described")
        }
        var count = 1
        for (size, stride) in zip(shape, strides).reversed() {
            guard size > 0, size < 1 << 24, stride == count || size == 1 else {
                throw .damaged("\(name) is not stored row by row")
            }
            count *= size
            guard count < 1 << 27 else { throw .damaged("\(name) is too large") }
        }
        return count
    }
}
