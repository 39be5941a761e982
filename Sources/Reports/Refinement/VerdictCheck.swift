import Crystallography
import Publishing

extension HTMLPage.Check {
    /// A clause of a verdict: a cross where it fails, no mark where nothing is known.
    package init(_ clause: VerdictClause) {
        let passed: Bool? =
            switch clause.outcome {
            case .holds: true
            case .fails: false
            case .unknown: nil
            }
        self.init(clause.sentence, passed: passed)
    }
}
