/// What PyTorch wrote before version 1.6: a stream of pickles (a magic number, a version, the machine's byte order,
/// the checkpoint itself, the keys of its storages) and then every storage, its count and its numbers.
struct StreamedCheckpoint {
    let tensors: [Checkpoint.Tensor]
    let settings: [String: String]

    /// The pickle of the magic number 0x1950a86a20f9469cfc6c.
    private static let magic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    init(_ bytes: [UInt8]) throws(Pickle.Failure) {
        let version = try Pickle(bytes, from: Self.magic.count)
        guard version.integer(version.root) == 1001 else { throw .damaged("of an unknown version") }
        let machine = try Pickle(bytes, from: version.end)
        guard let order = machine[machine.root, "little_endian"], case .bool(true) = machine.values[order]
        else {
            throw .damaged("its numbers are big-endian")
        }
        let main = try Pickle(bytes, from: machine.end)
        let keys = try Pickle(bytes, from: main.end)
        let storages = try Self.storages(keys, bytes)
        guard let state = main[main.root, "state_dict"], case .dictionary(let members) = main.values[state]
        else { throw .damaged("no state_dict in it") }
        var tensors: [Checkpoint.Tensor] = []
        for member in members {
            guard let name = main.string(member.key), case .tensor(let tensor) = main.values[member.value]
            else { throw .damaged("an entry of state_dict is no tensor") }
            let count = try tensor.count(name)
            guard let place = storages[tensor.storage], place.count == tensor.storageCount,
                tensor.offset <= place.count - count
            else { throw .damaged("\(name) is not in the file as described") }
            tensors.append(
                Checkpoint.Tensor(
                    name: name, shape: tensor.shape,
                    values: Self.numbers(bytes, from: place.start + 4 * tensor.offset, count: count)))
        }
        self.tensors = tensors
        settings = Self.settings(main)
    }

    /// Where each storage's numbers begin, and how many they are.
    private static func storages(
        _ keys: Pickle, _ bytes: [UInt8]
    ) throws(Pickle.Failure) -> [String: (start: Int, count: Int)] {
        guard case .list(let items) = keys.values[keys.root] else { throw .damaged("no list of storages") }
        var result: [String: (start: Int, count: Int)] = [:]
        var position = keys.end
        for item in items {
            guard let key = keys.string(item), position <= bytes.count - 8 else {
                throw .damaged("the numbers are cut off")
            }
            var count: UInt64 = 0
            for k in 0..<8 { count |= UInt64(bytes[position + k]) << UInt64(8 * k) }
            position += 8
            guard count <= UInt64(bytes.count - position) / 4 else {
                throw .damaged("the numbers are cut off")
            }
            result[key] = (position, Int(count))
            position += 4 * Int(count)
        }
        return result
    }

    private static func numbers(_ bytes: [UInt8], from start: Int, count: Int) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<count).map { k in
                Float(
                    bitPattern: UInt32(
                        littleEndian: raw.loadUnaligned(fromByteOffset: start + 4 * k, as: UInt32.self)))
            }
        }
    }

    private static func settings(_ pickle: Pickle) -> [String: String] {
        func members(_ index: Int?) -> [(key: Int, value: Int)] {
            guard let index, case .dictionary(let members) = pickle.values[index] else { return [] }
            return members
        }
        let root = pickle.root
        return pickle.plainValues(members(pickle[root, "args"]))
            .merging(pickle.plainValues(members(root))) { first, _ in first }
            .merging(pickle.plainValues(members(pickle[root, "normalizer"]), prefix: "normalizer.")) {
                first, _ in first
            }
    }
}
