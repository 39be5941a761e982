import Foundation

/// Memory for the tables of one evaluation at a time, kept between evaluations: fresh pages cost as much as the
/// arithmetic that fills them.
///
/// Not for several threads at once: a thread takes a store of its own from `FeatureStores`.
package final class FeatureStore: @unchecked Sendable {
    private var free: [Int: [UnsafeMutablePointer<Double>]] = [:]
    package private(set) var bytes = 0

    package init() {}

    deinit {
        for list in free.values { for start in list { start.deallocate() } }
    }

    /// Capacities are rounded up to an eighth of a power of two, so that cells that breathe find their tables again.
    func take(_ count: Int) -> (start: UnsafeMutablePointer<Double>, capacity: Int) {
        let step = max(64, (1 << (Int.bitWidth - max(1, count).leadingZeroBitCount)) / 16)
        let capacity = (max(1, count) + step - 1) / step * step
        if let start = free[capacity]?.popLast() { return (start, capacity) }
        bytes += 8 * capacity
        let start = Self.allocate(capacity)
        return (start, capacity)
    }

    /// Large tables on large pages, where the system has them: their rows are met in no order that a page table likes.
    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Double> {
        let page = 1 << 21
        let isLarge = 8 * capacity >= page
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: 8 * capacity, alignment: isLarge ? page : 64)
        #if os(Linux)
            if isLarge { madvise(memory, 8 * capacity, MADV_HUGEPAGE) }
        #endif
        return memory.bindMemory(to: Double.self, capacity: capacity)
    }

    func giveBack(_ start: UnsafeMutablePointer<Double>, capacity: Int) {
        free[capacity, default: []].append(start)
    }
}

/// The stores of a model: one for each thread that evaluates.
///
/// Unchecked because the compiler cannot see that `idle` is only touched under the lock, and that a store is out of it while a thread
/// has it.
package final class FeatureStores: @unchecked Sendable {
    private let lock = NSLock()
    private var idle: [FeatureStore] = []

    package init() {}

    /// Bytes above which a store is not kept.
    private static let mostKept = 1 << 29

    package func withStore<Result>(_ body: (FeatureStore) -> Result) -> Result {
        let store = lock.withLock { idle.popLast() } ?? FeatureStore()
        defer {
            if store.bytes <= Self.mostKept { lock.withLock { idle.append(store) } }
        }
        return body(store)
    }
}
