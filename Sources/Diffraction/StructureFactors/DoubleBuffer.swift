/// Memory of a prepared calculation: allocated once, zeroed, handed to C.
final class DoubleBuffer {
    let base: UnsafeMutablePointer<Double>
    let count: Int

    init(_ count: Int) {
        self.count = count
        base = .allocate(capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { base.deallocate() }

    func clear() { base.update(repeating: 0, count: max(count, 1)) }

    subscript(index: Int) -> Double {
        @inline(__always) get { base[index] }
        @inline(__always) set { base[index] = newValue }
    }
}

/// The same for the C kernel's 32-bit indices.
final class IndexBuffer {
    let base: UnsafeMutablePointer<Int32>

    init(_ values: [Int]) {
        base = .allocate(capacity: max(values.count, 1))
        for (index, value) in values.enumerated() { base[index] = Int32(value) }
    }

    deinit { base.deallocate() }
}
