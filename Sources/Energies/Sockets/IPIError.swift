/// Why a client of the i-PI protocol gave no energy.
public enum IPIError: Error, Sendable, Hashable, CustomStringConvertible {
    case badAddress(String)
    case cannotListen(address: String, reason: String)
    /// Nobody connected in time; seconds.
    case noClient(address: String, seconds: Double)
    case clientClosed
    /// No answer within the time limit.
    case clientLate
    case unexpectedMessage(expected: String, received: String)
    case wrongAtomCount(sent: Int, received: Int)
    /// Energy, forces or virial: not finite.
    case notFinite(String)

    public var description: String {
        switch self {
        case .badAddress(let text):
            "'\(text)' is no address; give ipi:unix:NAME or ipi:HOST:PORT"
        case .cannotListen(let address, let reason):
            "cannot listen at \(address): \(reason)"
        case .noClient(let address, let seconds):
            "no client connected to \(address) within \(seconds) s; start one there"
        case .clientClosed: "the client closed the connection; see its own output, start it again and go on"
        case .clientLate: "the client did not answer in time; allow it more or see its own output"
        case .unexpectedMessage(let expected, let received):
            "the client sent '\(received)' in place of \(expected); it does not speak the i-PI protocol as published"
        case .wrongAtomCount(let sent, let received):
            "the client answered for \(received) atoms, not \(sent); give it the same structure"
        case .notFinite(let what): "the client's \(what) is not finite; see its own output"
        }
    }
}
