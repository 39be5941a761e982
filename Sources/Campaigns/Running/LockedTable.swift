import Foundation

/// A dictionary that several threads use.
///
/// Unchecked because the compiler cannot see that `values` is only touched under the lock.
package final class LockedTable<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Key: Value] = [:]

    package init() {}

    package subscript(key: Key) -> Value? {
        get { lock.withLock { values[key] } }
        set { lock.withLock { values[key] = newValue } }
    }
}
