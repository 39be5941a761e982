import Archives
import Foundation

/// The weights of a learned model, read from a PyTorch checkpoint (a ZIP archive of a pickle and raw 32-bit
/// reals, or the stream of pickles and reals that PyTorch wrote before 1.6) without executing anything of it.
public struct Checkpoint: Sendable {
    /// A dense array, row-major.
    public struct Tensor: Sendable, Hashable {
        public let name: String
        public let shape: [Int]
        public let values: [Float]
    }

    /// What errors call the file.
    public let file: String
    /// In the order of the checkpoint's state dictionary.
    public let tensors: [Tensor]
    /// Plain settings that stand beside the weights, as text: `model.model_args` of an archive; of a stream the
    /// members of `args`, the plain entries beside the weights, and `normalizer.mean` and `normalizer.std`.
    public let settings: [String: String]
    private let places: [String: Int]

    public init(path: String) throws(CheckpointError) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .notRead(file: path) }
        try self.init([UInt8](data), file: path)
    }

    public init(_ bytes: [UInt8], file: String) throws(CheckpointError) {
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
        return (try tensors(pickle, zip: zip, folder: folder), settings(pickle))
    }

    private static func places(_ tensors: [Tensor]) -> [String: Int] {
        Dictionary(tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// The numbers of a tensor as doubles.
    ///
    /// - Throws: where it is missing or has another shape.
    public func values(_ name: String, shape: Int...) throws(CheckpointError) -> [Double] {
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

    private static func tensors(_ pickle: Pickle, zip: ZipFile, folder: String) throws -> [Tensor] {
        guard let model = pickle[pickle.root, "model"], let state = pickle[model, "state_dict"],
            case .dictionary(let members) = pickle.values[state]
        else { throw Pickle.Failure.damaged("no model.state_dict in it") }
        return try members.map { member in
            guard let name = pickle.string(member.key), case .tensor(let tensor) = pickle.values[member.value]
            else { throw Pickle.Failure.damaged("an entry of state_dict is no tensor") }
            return Tensor(
                name: name, shape: tensor.shape, values: try numbers(tensor, name, zip: zip, folder: folder))
        }
    }

    private static func numbers(
        _ tensor: Pickle.TensorDescription, _ name: String, zip: ZipFile, folder: String
    ) throws -> [Float] {
        let count = try tensor.count(name)
        guard let bytes = try zip.contents(of: folder + "data/" + tensor.storage),
            bytes.count == tensor.storageCount * 4, tensor.offset <= tensor.storageCount - count
        else { throw Pickle.Failure.damaged("\(name) is not in the file as described") }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map { k in
                let word = raw.loadUnaligned(fromByteOffset: 4 * (tensor.offset + k), as: UInt32.self)
                return Float(bitPattern: UInt32(littleEndian: word))
            }
        }
    }

    private static func settings(_ pickle: Pickle) -> [String: String] {
        guard let model = pickle[pickle.root, "model"], let arguments = pickle[model, "model_args"],
            case .dictionary(let members) = pickle.values[arguments]
        else { return [:] }
        return pickle.plainValues(members)
    }
}

extension Pickle {
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
