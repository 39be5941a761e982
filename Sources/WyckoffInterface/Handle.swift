import Foundation

/// Objects of the library as pointers of C, and back. Each handle holds one reference.
enum Handle {
    /// A new handle, to be released once.
    static func make(_ object: AnyObject, at place: UnsafeMutablePointer<OpaquePointer?>?, _ what: String)
        throws(InterfaceError)
    {
        guard let place else { throw .missing("place for the \(what)") }
        place.pointee = OpaquePointer(Unmanaged.passRetained(object).toOpaque())
    }

    /// What a handle stands for.
    static func object<Object: AnyObject>(
        _ pointer: OpaquePointer?, _ type: Object.Type, _ what: String
    ) throws(InterfaceError) -> Object {
        guard let pointer else { throw .missing(what) }
        return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
    }

    static func release<Object: AnyObject>(_ pointer: OpaquePointer?, _ type: Object.Type) {
        guard let pointer else { return }
        Unmanaged<Object>.fromOpaque(UnsafeRawPointer(pointer)).release()
    }
}

/// A value that calls change one at a time.
///
/// Unchecked because the compiler cannot see that `value` is only touched under the lock.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
