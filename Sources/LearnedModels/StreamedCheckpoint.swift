/// What PyTorch wrote before version 1.6: a stream of pickles (a magic number, a version, the machine's byte order,
/// the checkpoint itself, the keys of its storages) and then every storage, its count and its numbers.
package struct StreamedCheckpoint {
    let tensors: [Checkpoint.Tensor]
    let settings: [String: String]

    /// The pickle of the magic number 0x1950a86a20f9469cfc6c.
    private static let magic: [UInt8] = [
        0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
    ]

    package static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    package init(_ bytes: [UInt8]) throws {
        let version = try Pickle(bytes, from: Self.magic.count)
        guard version.integer(version.root) == 1001 else {
            throw Pickle.Failure.damaged("of an unknown version")
        }
        let machine = try Pickle(bytes, from: version.end)
        guard let order = machine[machine.root, "little_endian"], case .bool(true) = machine.values[order]
        else {
            throw Pickle.Failure.damaged("its numbers are big-endian")
        }
        let main = try Pickle(bytes, from: machine.end)
        let keys = try Pickle(bytes, from: main.end)
        let storages = try Self.storages(keys, sizes: Self.sizes(main), bytes)
        let numbers = { (tensor: Pickle.TensorDescription, name: String) throws(Pickle.Failure) -> [Float] in
            let count = try tensor.count(name)
            guard let place = storages[tensor.storage], place.count == tensor.storageCount,
                tensor.offset <= place.count - count
            else { throw Pickle.Failure.damaged("\(name) is not in the file as described") }
            return tensor.numbers(bytes, from: place.start, count: count)
        }
        tensors = try main.tensors(numbers)
        settings = try main.settings(numbers)
    }

    /// Bytes of a number, by storage.
    private static func sizes(_ main: Pickle) -> [String: Int] {
        var result: [String: Int] = [:]
        for case .storage(let key, _, let type) in main.values { result[key] = type.size }
        return result
    }

    /// Where each storage's numbers begin, and how many they are.
    private static func storages(
        _ keys: Pickle, sizes: [String: Int], _ bytes: [UInt8]
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
            let size = sizes[key] ?? 4
            guard count <= UInt64((bytes.count - position) / size) else {
                throw .damaged("the numbers are cut off")
            }
            result[key] = (position, Int(count))
            position += size * Int(count)
        }
        return result
    }
}
