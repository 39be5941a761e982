/// Where clients of the i-PI protocol connect: `ipi:unix:NAME` (the socket /tmp/ipi_NAME, as the convention has it) or
/// `ipi:HOST:PORT`.
package enum IPIAddress: Sendable, Hashable, CustomStringConvertible {
    case unix(name: String)
    case internet(host: String, port: UInt16)

    /// - Parameter text: with or without the leading `ipi:`.
    package init(_ text: String) throws(IPIError) {
        let body = text.hasPrefix("ipi:") ? String(text.dropFirst(4)) : text
        let parts = body.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { throw .badAddress(text) }
        if parts[0] == "unix" {
            // sun_path holds 108 bytes.
            guard !parts[1].contains("/"), parts[1].utf8.count < 90 else { throw .badAddress(text) }
            self = .unix(name: String(parts[1]))
        } else {
            guard let port = UInt16(parts[1]), port > 0 else { throw .badAddress(text) }
            self = .internet(host: String(parts[0]), port: port)
        }
    }

    /// As people write it.
    package var description: String {
        switch self {
        case .unix(let name): "ipi:unix:\(name)"
        case .internet(let host, let port): "ipi:\(host):\(port)"
        }
    }

    /// The socket's file, for addresses that have one.
    package var path: String? {
        if case .unix(let name) = self { return "/tmp/ipi_\(name)" }
        return nil
    }
}
