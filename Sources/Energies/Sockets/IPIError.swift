import ExplainedErrors

/// Why a client of the i-PI protocol gave no energy.
package enum IPIError: ExplainedError, Hashable {
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

    /// What went wrong, where, and what to do: the parts of the one line.
    package var explanation: Explanation {
        switch self {
        case .badAddress(let text):
            Explanation("'\(text)' is no address", remedy: "give ipi:unix:NAME or ipi:HOST:PORT")
        case .cannotListen(let address, let reason):
            Explanation("cannot listen at \(address): \(reason)")
        case .noClient(let address, let seconds):
            Explanation("no client connected to \(address) within \(seconds) s", remedy: "start one there")
        case .clientClosed:
            Explanation(
                "the client closed the connection", remedy: "see its own output, start it again and go on")
        case .clientLate:
            Explanation("the client did not answer in time", remedy: "allow it more or see its own output")
        case .unexpectedMessage(let expected, let received):
            Explanation(
                "the client sent '\(received)' in place of \(expected)",
                remedy: "it does not speak the i-PI protocol as published")
        case .wrongAtomCount(let sent, let received):
            Explanation(
                "the client answered for \(received) atoms, not \(sent)", remedy: "give it the same structure"
            )
        case .notFinite(let what):
            Explanation("the client's \(what) is not finite", remedy: "see its own output")
        }
    }
}
