import ExplainedErrors

/// An error as a program reads it: `{"error":{"place":"x.cif","problem":"no such file","remedy":"check the path",…}}`.
struct FailureRow: Encodable {
    private struct Parts: Encodable {
        let place: String?
        let problem: String
        let remedy: String?
        /// The one line that standard error has.
        let text: String

        enum CodingKeys: CodingKey { case place, problem, remedy, text }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(place, forKey: .place)
            try container.encode(problem, forKey: .problem)
            try container.encode(remedy, forKey: .remedy)
            try container.encode(text, forKey: .text)
        }
    }

    private let error: Parts

    init(_ error: any Error) {
        let explanation = (error as? any ExplainedError)?.explanation ?? Explanation("\(error)")
        self.init(explanation, text: explanation.description)
    }

    /// Of bad usage, whose first line says it.
    init(usage message: String) {
        var line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        if line.hasPrefix("Error: ") { line.removeFirst(7) }
        self.init(Explanation(line), text: line)
    }

    private init(_ explanation: Explanation, text: String) {
        error = Parts(
            place: explanation.place, problem: explanation.problem, remedy: explanation.remedy, text: text)
    }
}
