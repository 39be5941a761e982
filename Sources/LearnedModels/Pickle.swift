import ExplainedErrors

/// The plain values of a Python pickle (protocols 0–2 as PyTorch writes them), read by a machine that builds
/// values and can do nothing else.
///
/// A few callables are known by name, and none is called: `OrderedDict` becomes a dictionary, `FloatStorage` and its kin a
/// reference to raw numbers, `_rebuild_tensor` a description of a tensor, NumPy's 64-bit real a number, a device its
/// name. Every other name and every other opcode is an error. Values stand in one flat list and point to each other by index, so that no nesting,
/// however deep, overflows a stack.
package struct Pickle {
    /// What a storage holds.
    package enum NumberType: Sendable, Hashable {
        case single, double
        /// Of 64 bits: counters, which are no weights.
        case integer

        var size: Int { self == .single ? 4 : 8 }
    }

    package struct TensorDescription: Sendable, Hashable {
        var storage: String
        var type: NumberType
        /// Numbers in the storage, as the pickle states it.
        var storageCount: Int
        var offset: Int
        var shape: [Int]
        var strides: [Int]
    }

    package enum Value {
        case none
        case bool(Bool)
        case integer(Int)
        case real(Double)
        case string(String)
        case tuple([Int])
        case list([Int])
        case dictionary([(key: Int, value: Int)])
        case global(Global)
        case storage(key: String, count: Int, type: NumberType)
        case tensor(TensorDescription)
        case bytes([UInt8])
        /// NumPy's type of 64-bit reals.
        case doubleType
    }

    package enum Global: String {
        case orderedDictionary = "collections OrderedDict"
        case floatStorage = "torch FloatStorage"
        case doubleStorage = "torch DoubleStorage"
        case longStorage = "torch LongStorage"
        case device = "torch device"
        case rebuildTensor = "torch._utils _rebuild_tensor_v2"
        case rebuildFormerTensor = "torch._utils _rebuild_tensor"
        case numberType = "numpy dtype"
        case number = "numpy.core.multiarray scalar"
        case encode = "_codecs encode"
    }

    package enum Failure: ExplainedError {
        case damaged(String)
        case refused(String)

        package var explanation: Explanation {
            switch self {
            case .damaged(let what), .refused(let what): Explanation(what)
            }
        }
    }

    private(set) var values: [Value] = []
    package private(set) var root = 0

    private let bytes: [UInt8]
    private var position = 0
    private var stack: [Int] = []
    private var marks: [Int] = []
    private var memo: [Int: Int] = [:]

    /// A pickle of descriptions only: the numbers stand outside of it.
    static let largest = 16 << 20

    /// - Parameter start: where the pickle begins; `end` tells where it ended.
    package init(_ bytes: [UInt8], from start: Int = 0) throws(Failure) {
        guard bytes.count - start <= Self.largest else { throw .damaged("pickle of \(bytes.count) bytes") }
        self.bytes = bytes
        position = start
        while try step() {}
        root = try pop()
    }

    /// The first byte after the pickle.
    package var end: Int { position }

    // MARK: Looking things up

    /// The value of a string key of a dictionary.
    package subscript(index: Int, key: String) -> Int? {
        guard case .dictionary(let members) = values[index] else { return nil }
        return members.last {
            if case .string(let name) = values[$0.key] { name == key } else { false }
        }?.value
    }

    package func string(_ index: Int) -> String? {
        if case .string(let text) = values[index] { text } else { nil }
    }

    package func integer(_ index: Int) -> Int? {
        if case .integer(let number) = values[index] { number } else { nil }
    }

    // MARK: The machine

    private mutating func byte() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw .damaged("the pickle is cut off") }
        defer { position += 1 }
        return bytes[position]
    }

    /// Little-endian, 1–4 bytes.
    private mutating func unsigned(_ size: Int) throws(Failure) -> Int {
        var result = 0
        for k in 0..<size { result |= Int(try byte()) << (8 * k) }
        return result
    }

    private mutating func text(_ count: Int) throws(Failure) -> String {
        guard count <= bytes.count - position else { throw .damaged("the pickle is cut off") }
        defer { position += count }
        return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
    }

    private mutating func line() throws(Failure) -> String {
        guard let end = bytes[position...].firstIndex(of: 0x0A) else {
            throw .damaged("the pickle is cut off")
        }
        return try text(end + 1 - position).replacing("\n", with: "")
    }

    private mutating func push(_ value: Value) {
        stack.append(values.count)
        values.append(value)
    }

    private mutating func pop() throws(Failure) -> Int {
        guard stack.count > (marks.last ?? 0), let top = stack.popLast() else {
            throw .damaged("the pickle's stack is empty")
        }
        return top
    }

    private func top() throws(Failure) -> Int {
        guard stack.count > (marks.last ?? 0), let top = stack.last else {
            throw .damaged("the pickle's stack is empty")
        }
        return top
    }

    private mutating func popToMark() throws(Failure) -> [Int] {
        guard let mark = marks.popLast(), mark <= stack.count else {
            throw .damaged("the pickle lacks a mark")
        }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private mutating func pop(_ count: Int) throws(Failure) -> [Int] {
        var result: [Int] = []
        for _ in 0..<count { result.append(try pop()) }
        return result.reversed()
    }

    /// One opcode; false after the last.
    private mutating func step() throws(Failure) -> Bool {
        let opcode = try byte()
        switch opcode {
        case 0x80:  // PROTO
            guard try byte() <= 2 else { throw .damaged("pickle of an unknown protocol") }
        case UInt8(ascii: "."): return false
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "N"): push(.none)
        case 0x88: push(.bool(true))
        case 0x89: push(.bool(false))
        case UInt8(ascii: "K"): push(.integer(try unsigned(1)))
        case UInt8(ascii: "M"): push(.integer(try unsigned(2)))
        case UInt8(ascii: "J"):
            push(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
        case 0x8A:  // LONG1
            let count = try Int(byte())
            guard count <= 8 else { throw .damaged("an integer of \(count) bytes") }
            var number = 0
            for k in 0..<count { number |= Int(try byte()) << (8 * k) }
            if count > 0, count < 8, number >> (8 * count - 1) & 1 == 1 { number -= 1 << (8 * count) }
            push(.integer(number))
        case UInt8(ascii: "G"):
            var bits: UInt64 = 0
            for _ in 0..<8 { bits = bits << 8 | UInt64(try byte()) }
            push(.real(Double(bitPattern: bits)))
        case UInt8(ascii: "X"): push(.string(try text(unsigned(4))))
        case UInt8(ascii: "U"): push(.string(try text(unsigned(1))))
        case UInt8(ascii: ")"): push(.tuple([]))
        case 0x85: push(.tuple(try pop(1)))
        case 0x86: push(.tuple(try pop(2)))
        case 0x87: push(.tuple(try pop(3)))
        case UInt8(ascii: "t"): push(.tuple(try popToMark()))
        case UInt8(ascii: "]"): push(.list([]))
        case UInt8(ascii: "}"): push(.dictionary([]))
        case UInt8(ascii: "a"): try append([pop()])
        case UInt8(ascii: "e"): try append(popToMark())
        case UInt8(ascii: "s"): try insert(pop(2))
        case UInt8(ascii: "u"): try insert(popToMark())
        case UInt8(ascii: "q"): memo[try unsigned(1)] = try top()
        case UInt8(ascii: "r"): memo[try unsigned(4)] = try top()
        case UInt8(ascii: "h"): try recall(unsigned(1))
        case UInt8(ascii: "j"): try recall(unsigned(4))
        case UInt8(ascii: "c"): try pushGlobal()
        case UInt8(ascii: "Q"): try pushStorage()
        case UInt8(ascii: "R"): try reduce()
        case UInt8(ascii: "b"):
            // The attributes of an OrderedDict (PyTorch's _metadata): nothing that weights need.
            let state = try pop()
            switch values[try top()] {
            case .dictionary: break
            case .doubleType:
                guard case .tuple(let parts) = values[state], parts.count > 1, string(parts[1]) == "<" else {
                    throw .refused("a number that is not little-endian")
                }
            default: throw .refused("the state of an object")
            }
        default:
            throw .refused("pickle opcode \(opcode)")
        }
        return true
    }

    private mutating func append(_ items: [Int]) throws(Failure) {
        let target = try top()
        guard case .list(var list) = values[target] else { throw .damaged("append to no list") }
        values[target] = .none
        list += items
        values[target] = .list(list)
    }

    private mutating func insert(_ items: [Int]) throws(Failure) {
        let target = try top()
        guard case .dictionary(var members) = values[target], items.count.isMultiple(of: 2) else {
            throw .damaged("items for no dictionary")
        }
        values[target] = .none
        for k in stride(from: 0, to: items.count, by: 2) { members.append((items[k], items[k + 1])) }
        values[target] = .dictionary(members)
    }

    private mutating func recall(_ key: Int) throws(Failure) {
        guard let value = memo[key] else { throw .damaged("the pickle recalls what it never kept") }
        stack.append(value)
    }

    private mutating func pushGlobal() throws(Failure) {
        let name = try line() + " " + line()
        guard let global = Global(rawValue: name) else { throw .refused("'\(name.prefix(80))'") }
        push(.global(global))
    }

    /// ('storage', FloatStorage, key, device, count), in former files with a view's description at the end.
    private mutating func pushStorage() throws(Failure) {
        guard case .tuple(let parts) = values[try pop()], (5...6).contains(parts.count),
            string(parts[0]) == "storage",
            case .global(let kind) = values[parts[1]], let key = string(parts[2]),
            let count = integer(parts[4]), count >= 0
        else { throw .refused("a stored object that is no array of numbers") }
        switch kind {
        case .floatStorage: push(.storage(key: key, count: count, type: .single))
        case .doubleStorage: push(.storage(key: key, count: count, type: .double))
        case .longStorage: push(.storage(key: key, count: count, type: .integer))
        default: throw .refused("a stored object that is no array of numbers")
        }
    }

    private mutating func reduce() throws(Failure) {
        guard case .tuple(let arguments) = values[try pop()], case .global(let global) = values[try pop()]
        else { throw .refused("a call of no known function") }
        switch global {
        case .orderedDictionary where arguments.isEmpty:
            push(.dictionary([]))
        case .encode where arguments.count == 2 && string(arguments[1]) == "latin1":
            guard let text = string(arguments[0]), text.unicodeScalars.allSatisfy({ $0.value < 256 }) else {
                throw .refused("a call of \(global.rawValue)")
            }
            push(.bytes(text.unicodeScalars.map { UInt8($0.value) }))
        case .device where arguments.count == 1 && string(arguments[0]) != nil:
            push(.string(string(arguments[0]) ?? ""))
        case .numberType where arguments.count == 3 && string(arguments[0]) == "f8":
            push(.doubleType)
        case .number where arguments.count == 2:
            guard case .doubleType = values[arguments[0]], case .bytes(let raw) = values[arguments[1]],
                raw.count == 8
            else { throw .refused("a call of \(global.rawValue)") }
            push(.real(Double(bitPattern: raw.reversed().reduce(0) { $0 << 8 | UInt64($1) })))
        case .rebuildTensor where arguments.count >= 4,
            .rebuildFormerTensor where arguments.count == 4:
            guard case .storage(let key, let count, let type) = values[arguments[0]],
                let offset = integer(arguments[1]), let shape = integers(arguments[2]),
                let strides = integers(arguments[3])
            else { throw .damaged("a tensor without storage, shape or strides") }
            push(
                .tensor(
                    TensorDescription(
                        storage: key, type: type, storageCount: count, offset: offset, shape: shape,
                        strides: strides)))
        default:
            throw .refused("a call of \(global.rawValue)")
        }
    }

    private func integers(_ index: Int) -> [Int]? {
        guard case .tuple(let items) = values[index] else { return nil }
        let result = items.compactMap { integer($0) }
        return result.count == items.count ? result : nil
    }
}
