import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connected stream of bytes, read and written whole or with an error, never for longer than a time limit.
package struct ByteSocket: Sendable {
    private let descriptor: Int32

    package init(descriptor: Int32) { self.descriptor = descriptor }

    package func close() { _ = systemClose(descriptor) }

    /// Exactly `count` bytes.
    package func read(_ count: Int, deadline: Date) throws(IPIError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            try wait(for: Int16(POLLIN), deadline: deadline)
            let received = bytes[done...].withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if received == 0 { throw .clientClosed }
            if received < 0 {
                if errno == EINTR { continue }
                throw .clientClosed
            }
            done += received
        }
        return bytes
    }

    package func write(_ bytes: [UInt8], deadline: Date) throws(IPIError) {
        var done = 0
        while done < bytes.count {
            try wait(for: Int16(POLLOUT), deadline: deadline)
            let sent = bytes[done...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Self.noSignal)
            }
            if sent < 0 {
                if errno == EINTR { continue }
                throw .clientClosed
            }
            done += sent
        }
    }

    private func wait(for event: Int16, deadline: Date) throws(IPIError) {
        while true {
            let left = deadline.timeIntervalSinceNow
            guard left > 0 else { throw .clientLate }
            var state = pollfd(fd: descriptor, events: event, revents: 0)
            let ready = poll(&state, 1, Int32(min(left * 1000 + 1, 1_000_000)))
            if ready > 0 { return }
            if ready < 0 && errno != EINTR { throw .clientClosed }
        }
    }

    /// A client that has gone must give an error, not end the process.
    #if canImport(Glibc)
        private static let noSignal = Int32(MSG_NOSIGNAL)
    #else
        private static let noSignal: Int32 = 0
    #endif
}

func systemClose(_ descriptor: Int32) -> Int32 {
    #if canImport(Glibc)
        Glibc.close(descriptor)
    #else
        Darwin.close(descriptor)
    #endif
}
